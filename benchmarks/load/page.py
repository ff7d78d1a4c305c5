"""What was measured in; a page for people out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.load.contenders import CLEAN, RIVAL
from benchmarks.markdown import table

WAYS = {"contract": "as stored bytes", "cleansed": "row by row"}


def page(found: dict[str, Any]) -> str:
    """The aims first."""
    parts = [*_aims(found), *(_speeds(found["speed"]) if found["speed"] else [])]
    parts += _memory(found["memory"]) if found["memory"] else []
    return "\n".join(["# Loading", "", *parts, "Machine:", "", *table(["", ""], found["machine"].items()), ""])


def _aims(found: dict[str, Any]) -> Iterator[str]:
    if found["speed"]:
        ratio, aim = found["speed"]["of_psql"].get(CLEAN), found["speed"]["aim"]
        yield f"A clean file into its typed table: {ratio} of psql; the aim is {aim} or more."
        yield ""


def _speeds(found: dict[str, Any]) -> Iterator[str]:
    yield "## Into PostgreSQL"
    yield ""
    yield f"{found['what']}; medians of rounds in turn."
    yield "Those who are slow load the first rows only; how many stands behind their figures."
    yield "csvgate does it in one transaction with ledger, count, head and outbox; psql only copies."
    yield "What a clean file is, was found out when it was inspected; the third figure judges it by its contract, too,"
    yield "and the sixth is the whole way of a file: inspected, judged and loaded."
    yield ""
    yield from table(["", "rows/s", "of psql", "rows"], _lines(found))
    yield ""
    yield "Single rounds, rows/s:"
    yield ""
    rounds = found["rounds"]
    yield from table(["", *range(1, len(rounds[RIVAL]) + 1)], [[name, *speeds] for name, speeds in rounds.items()])
    yield ""


def _lines(found: dict[str, Any]) -> Iterator[list[object]]:
    for name, speed in found["rows_per_second"].items():
        yield [name, f"{speed:,}", found["of_psql"][name], found["slices"].get(name, "")]


def _memory(peaks: list[dict[str, Any]]) -> Iterator[str]:
    yield "## Memory"
    yield ""
    yield "A process that inspects, judges and loads one file; the object store is a folder of this machine."
    yield ""
    titles = ["file, MB", "loaded", "peak, MB", "seconds"]
    yield from table(titles, [[one["file_mb"], WAYS[one["how"]], one["peak_mb"], one["seconds"]] for one in peaks])
    yield ""
