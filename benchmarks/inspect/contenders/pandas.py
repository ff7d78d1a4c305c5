"""pandas as most people begin: the file read whole, then all of it described."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]

from benchmarks.inspect.contenders.answer import Answer, tell

TOLD = {"unique": "distinct", "mean": "mean", "min": "min", "max": "max"}


def describe(path: Path) -> Answer:
    """What `describe` says of the file."""
    frame = pd.read_csv(path)
    said = frame.describe(include="all").to_dict()
    figures = {name: _figures(column, len(frame)) for name, column in said.items()}
    return {"rows": len(frame), "columns": len(frame.columns), "figures": figures}


def _figures(said: dict[Any, Any], rows: int) -> dict[str, Any]:
    told = {ours: said[theirs] for theirs, ours in TOLD.items() if theirs in said and pd.notna(said[theirs])}
    return {**told, "nulls": rows - int(said["count"])}


if __name__ == "__main__":
    tell(describe)
