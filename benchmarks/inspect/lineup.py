"""The names of contenders and datasets in; who is run on what, by which command, and what its output says, out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Answer = Mapping[str, Any]
BIN = Path(sys.executable).parent


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a contender said of each file, and the seconds of its work alone where it told them."""

    answers: Sequence[Answer]
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """How a contender is called, before the names of files, and how its output is understood.

    With an exit code in `answered` it has said something.
    """

    what: str
    command: tuple[str, ...]
    understand: Callable[[str], Said]
    answered: tuple[int, ...] = (0,)


def told(output: str) -> Said:
    """The output of a contender of ours."""
    said = json.loads(output)
    return Said(answers=said["answers"], seconds=said["seconds"])


def receipts(output: str) -> Said:
    """What `csvgate inspect --json` prints: one receipt, or an array."""
    said = json.loads(output)
    return Said(answers=[_of_receipt(receipt) for receipt in (said if isinstance(said, list) else [said])])


def statistics(output: str) -> Said:
    """What `csvstat --json` prints: it counts no records, so the values of the first column stand for them.

    And it counts having no value as one more different value.
    """
    columns = json.loads(output)
    figures = {
        column["column_name"]: {
            **{name: column.get(name) for name in ("min", "max", "mean")},
            "distinct": column["unique"] - column["nulls"],
        }
        for column in columns
    }
    return Said(answers=[{"rows": columns[0]["nonnulls"], "columns": len(columns), "figures": figures}])


def lines(output: str) -> Said:
    """What `wc -l` prints: a line per file, and their sum when there are several."""
    counts = [int(line.split()[0]) for line in output.splitlines()]
    return Said(answers=[{"rows": count - 1} for count in (counts[:-1] or counts)])


def _of_receipt(receipt: Answer) -> Answer:
    ledger = receipt["bytes"]
    parts = sum(size for name, size in ledger.items() if name not in {"total", "complete"})
    grave = [finding for finding in receipt["findings"] if finding["severity"] != "info"]
    return {
        "rows": receipt["row_count"],
        "columns": receipt["column_count"],
        "verdict": receipt["verdict"],
        "sha256": receipt["sha256"],
        "unaccounted": ledger["total"] - parts,
        "figures": {column["name"]: _figures(column) for column in receipt["columns"]},
        "defects": [
            {"code": finding["code"], **{name: place[name] for name in ("record", "line", "byte_offset")}}
            for finding in grave
            for place in finding["first"] or [dict.fromkeys(("record", "line", "byte_offset"))]
        ],
    }


def _figures(column: Mapping[str, Any]) -> Mapping[str, Any]:
    """The distinct count is exact, or about so many, with the error that the receipt states."""
    told = {name: column[name] for name in ("type", "min", "max", "mean")}
    distinct = column["distinct_count"]
    if column["distinct_is_exact"]:
        return {**told, "nulls": column["null_count"], "distinct": distinct}
    stated = column["approximate"]["distinct_count"]
    return {**told, "nulls": column["null_count"], "distinct_about": distinct, "distinct_error": stated}


def _ours(name: str, what: str) -> Contender:
    command = (sys.executable, "-m", f"benchmarks.inspect.contenders.{name}")
    return Contender(what=what, command=command, understand=told)


CONTENDERS: Mapping[str, Contender] = {
    "csvgate": Contender(
        what="the command `csvgate inspect --json`",
        command=(str(BIN / "csvgate"), "inspect", "--json"),
        understand=receipts,
        answered=(0, 1),  # 1 says that the file is rejected
    ),
    "csvgate-call": _ours("csvgate", "`inspect()` called in one process"),
    "duckdb": _ours("duckdb", "`SUMMARIZE SELECT * FROM read_csv(F)`"),
    "polars": _ours("polars", "`scan_csv(F).describe()`"),
    "pandas": _ours("pandas", '`read_csv(F).describe(include="all")`'),
    "csv.reader": _ours("reader", "`csv.reader`, records counted"),
    "csvkit": Contender(what="`csvstat --json F`", command=(str(BIN / "csvstat"), "--json"), understand=statistics),
    "frictionless": _ours("frictionless", "`validate(F)`"),
    "wc": Contender(what="`wc -l F`, lines counted", command=("wc", "-l"), understand=lines),
    "zcat-wc": Contender(
        what="`gzip -cd F` into `wc -l`", command=("sh", "-c", 'gzip -cd "$0" | wc -l'), understand=lines
    ),
}
ENTRIES: Mapping[str, tuple[str, ...]] = {
    "taxi": ("csvgate", "duckdb", "polars", "pandas", "csv.reader", "wc"),
    "text": ("csvgate", "duckdb", "polars", "pandas", "csv.reader", "wc"),
    "wide": ("csvgate", "duckdb", "polars", "pandas", "csv.reader", "wc"),
    "taxi-gz": ("csvgate", "duckdb", "polars", "pandas", "csv.reader", "zcat-wc"),
    "defects": ("csvgate", "duckdb", "polars", "pandas", "csv.reader", "frictionless", "wc"),
    "small": ("csvgate", "csvgate-call", "duckdb", "polars", "pandas", "csv.reader", "wc"),
    "taxi-slice": ("csvgate", "duckdb", "csvkit", "frictionless", "wc"),
    "text-slice": ("csvgate", "duckdb", "csvkit", "frictionless", "wc"),
}
