"""PostgreSQL as the sink: a delivery and its rows in, the same rows in a table out, each once; and the migrations.

Only this package knows psycopg and SQL.
"""
