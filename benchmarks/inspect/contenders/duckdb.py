"""DuckDB as people ask it for a summary: no option given."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.inspect.contenders.answer import Answer, tell

# SUMMARIZE says how many values are null in percent, of two decimals, and how many are different about.
COLUMNS = "column_name, min, max, approx_unique, avg, count, null_percentage"


def summarize(path: Path) -> Answer:
    """What SUMMARIZE says."""
    query = f"SELECT {COLUMNS} FROM (SUMMARIZE SELECT * FROM read_csv('{path}'))"  # noqa: S608  # a path of ours
    found = duckdb.execute(query).fetchall()
    figures = {
        name: {"min": least, "max": greatest, "distinct_about": distinct, "mean": mean, "null_percentage": nulls}
        for name, least, greatest, distinct, mean, _count, nulls in found
    }
    return {"rows": found[0][5], "columns": len(found), "figures": figures}


if __name__ == "__main__":
    tell(summarize)
