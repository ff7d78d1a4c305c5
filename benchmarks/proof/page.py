"""What two pipelines stood, and what was counted in their tables, in; a page for people out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.markdown import table

NAMES = {"usual": "the usual pipeline", "csvgate": "csvgate"}


def page(result: Mapping[str, Any]) -> str:
    """What was done, the table, and where."""
    return "\n".join([*_story(result), "", *comparison(result), "", "Machine:", "", *_machine(result), ""])


def comparison(result: Mapping[str, Any]) -> list[str]:
    """The lines of a table: both pipelines side by side."""
    found = result["found"]
    rows = [
        [what, *(f"{found[name][field]:,}" for name in NAMES)]
        for field, what in _figures(result["size"], found["csvgate"]["rows_right"]).items()
    ]
    return table(["", *NAMES.values()], rows)


def _figures(size: Mapping[str, int], right: int) -> dict[str, str]:
    return {
        "killed": "workers killed with `kill -9`",
        "crashed": "crashes of PostgreSQL",
        "rows_stored": f"rows stored; {right:,} are right",
        "rows_again": "rows too many, copies of others",
        "rows_missing": "rows missing",
        "rows_wrong": "rows that stand in no file",
        "versions": f"uploads on record, of {size['keys'] * size['versions']:,}",
        "stale": f"files whose newest upload is not the one on record, of {size['keys']:,}",
    }


def _story(result: Mapping[str, Any]) -> Iterator[str]:
    size = result["size"]
    yield "# Proof"
    yield ""
    yield f"{size['keys']} files, uploaded {size['versions']} times each with {size['rows']:,} new rows every time;"
    yield f"{result['events']} events tell of them, repeated and mixed as a queue may bring them."
    yield "Two workers at a time; each is killed with signal 9 at a moment that is drawn,"
    yield f"up to {result['faults']['kills']} of them, and PostgreSQL crashes after every"
    yield f"{result['faults']['kills_per_crash']} kills; the last workers are left in peace until the queue is empty."
    yield "The usual pipeline commits batches of rows as they come, keeps a line per file name, and deletes the message"
    yield "last; csvgate is `csvgate worker all`. A third program, which knows neither, compares all rows cell by cell."


def _machine(result: Mapping[str, Any]) -> list[str]:
    return table(["", ""], result["machine"].items())
