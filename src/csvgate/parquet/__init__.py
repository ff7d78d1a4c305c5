"""Parquet in the results bucket as the sink: a delivery and its rows in, files that Athena and DuckDB read out.

Only `csvgate.parquet.writing` knows DuckDB; all else is objects that are read, and written by conditional writes.
"""
