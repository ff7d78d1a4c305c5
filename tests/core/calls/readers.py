"""A file in; its values as a tool reads them by the call that was made for it, and as they must be, out."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Any

from csvgate.core.calls import call_of
from csvgate.core.calls.call import Tool
from csvgate.core.calls.plan import MISSING, Column, plan_of
from csvgate.core.calls.source import identifier
from csvgate.core.canonical import Canonical, Style
from csvgate.core.columns.worth import joined
from csvgate.core.inspection import Inspection, inspect
from tests.strategies import whole

Values = list[list[Any]]
CLEAN = "clean.csv"


def as_read(tool: Tool, data: bytes) -> tuple[list[str], Values]:
    """The names and values that the tool gets by its call, in the current directory."""
    found = inspect(whole(data))
    Path("case.csv").write_bytes(data)
    Path(CLEAN).write_text(canonical(data, found), encoding="utf-8", newline="")
    names, rows = RUN[tool](call_of(tool, found, "case.csv", clean_as=CLEAN))
    return names, [[plain(value) for value in row] for row in rows]


def as_meant(data: bytes) -> Values:
    """The values of the file, each as its column's type has it."""
    found = inspect(whole(data))
    rows = list(csv.reader(io.StringIO(canonical(data, found), newline="")))[1:]
    columns = plan_of(found, CLEAN).columns
    return [[meant(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows]


def canonical(data: bytes, found: Inspection) -> str:
    """What `csvgate clean` writes."""
    return "".join(piece.text for piece in Canonical(whole(data), found, Style()).pieces())


def meant(cell: str, column: Column) -> object:
    """One value in its type; none where it is missing."""
    if not cell or (column.is_typed and cell in MISSING):
        return None
    if column.type == "number":
        group, decimal = column.marks
        return float((cell.replace(group, "") if group else cell).replace(decimal, "."))
    if column.type in ("date", "datetime") and column.format:
        return plain(datetime.strptime(cell, column.format))  # noqa: DTZ007  as the file has it, without a zone
    if column.type == "time" and column.format:
        return datetime.strptime(cell, column.format).time()  # noqa: DTZ007
    parse = PARSE.get(column.type)
    return plain(parse(cell)) if parse else cell


def plain(value: Any) -> object:  # noqa: ANN401  whatever a tool hands out
    """The value as plain Python has it; dates are midnights, as pandas knows no other."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:  # noqa: PLR0124  NaN
        return None
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time())
    return value if isinstance(value, bool | int | str | time) else float(value)


def _pandas(call: str) -> tuple[list[str], Values]:
    frame = _run(call)
    return [str(name) for name in frame.columns], [list(row) for row in frame.itertuples(index=False, name=None)]


def _polars(call: str) -> tuple[list[str], Values]:
    frame = _run(call)
    return list(frame.columns), [list(row) for row in frame.rows()]


def _run(call: str) -> Any:  # noqa: ANN401  a data frame of a tool without types
    names: dict[str, Any] = {}
    exec(call, names)  # noqa: S102  this is what a person does with it
    return names["df"]


def _duckdb(call: str) -> tuple[list[str], Values]:
    relation = import_module("duckdb").connect().sql(call)
    # Python's DuckDB hands out moments with a zone only where a package for zones is installed.
    columns = (
        f"make_timestamp(epoch_us({identifier(name)}))" if "TIME ZONE" in str(kind) else identifier(name)
        for name, kind in zip(relation.columns, relation.types, strict=True)
    )
    return list(relation.columns), [list(row) for row in relation.project(", ".join(columns)).fetchall()]


RUN: dict[str, Callable[[str], tuple[list[str], Values]]] = {"pandas": _pandas, "polars": _polars, "duckdb": _duckdb}
PARSE: dict[str, Callable[[str], object]] = {
    "integer": int,
    "boolean": lambda cell: cell.lower() in ("true", "yes"),
    "date": date.fromisoformat,
    "datetime": lambda cell: datetime.fromisoformat(joined(cell) if " " in cell[11:] else cell),
    "time": time.fromisoformat,
}


def same(one: Sequence[Sequence[Any]], other: Sequence[Sequence[Any]]) -> bool:
    """Whether two tables hold the same values; floats may differ in their last digit, times as text are text."""
    if [len(row) for row in one] != [len(row) for row in other]:
        return False
    pairs = ((a, b) for left, right in zip(one, other, strict=True) for a, b in zip(left, right, strict=True))
    return all(_alike(a, b) for a, b in pairs)


def _alike(one: object, other: object) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, str) and isinstance(other, time):
        return time.fromisoformat(one) == other
    return one == other
