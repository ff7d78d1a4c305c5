"""An inspection and a tool in; the call as text, with what the person must know before it, out."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from csvgate.core.calls import copy, duckdb, pandas, polars
from csvgate.core.calls.plan import Plan, cleaned, plan_of
from csvgate.core.inspection import Inspection

Tool = Literal["pandas", "duckdb", "polars", "copy"]
TOOLS: tuple[Tool, ...] = get_args(Tool)


@dataclass(frozen=True, slots=True)
class _Reader:
    name: str
    comment: str
    obstacles: Callable[[Plan], Iterator[str]]
    call: Callable[[Plan], str]


_READERS: dict[Tool, _Reader] = {
    "pandas": _Reader("pandas", "#", pandas.obstacles, pandas.call),
    "duckdb": _Reader("DuckDB", "--", duckdb.obstacles, duckdb.call),
    "polars": _Reader("polars", "#", polars.obstacles, polars.call),
    "copy": _Reader("PostgreSQL", "--", copy.obstacles, copy.call),
}


def call_of(tool: Tool, inspection: Inspection, filename: str, *, clean_as: str) -> str:
    """The call that reads the file; where the tool would get it wrong, why, and the call for the cleaned file."""
    reader = _READERS[tool]
    plan = plan_of(inspection, filename)
    amiss = [*plan.amiss, *reader.obstacles(plan)]
    if amiss:
        plan = replace(cleaned(plan, clean_as), notes=[*_advice(reader.name, plan, amiss, clean_as), *plan.notes])
    comments = "".join(f"{reader.comment} {_on_one_line(note)}\n" for note in plan.notes)
    return comments + reader.call(plan)


def _advice(name: str, plan: Plan, amiss: list[str], clean_as: str) -> Iterator[str]:
    heading = f"{name} cannot read this file rightly:"
    yield from [f"{heading} {amiss[0]}"] if len(amiss) == 1 else [heading, *(f"- {reason}" for reason in amiss)]
    option = " --footer reject" if plan.has_other_records else ""
    yield f"first: csvgate clean {shlex.quote(plan.filename)}{option} -o {shlex.quote(clean_as)}"


def _on_one_line(note: str) -> str:
    return " ".join(note.split())
