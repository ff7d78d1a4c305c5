"""A Target in; the table that its rows go to, with a column for each of the file's, out.

A table's document says its columns, under which names files have them, and what they hold. Columns are added, none is
changed: readers find the same type in every file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from csvgate.errors import PermanentError
from csvgate.load import Column, Disposition, Target
from csvgate.parquet.held import CHOICE, Held, takes
from csvgate.parquet.names import safe_names

# A table's name is part of the keys of its files.
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A column of a table: its name in files, its name here, and what holds its values."""

    name: str
    column: str
    type: Held


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table as its document says it; of the shape `rows` it has one column for all cells."""

    table: str
    shape: str
    disposition: Disposition
    columns: tuple[Stored, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How a file's rows go to its table: `own` are its columns in the order of the file.

    `choices` are what those columns may still become that no file was ever written with.
    """

    table: Table
    own: tuple[Stored, ...]
    choices: tuple[tuple[Held, ...], ...]


def plan(known: Table | None, target: Target) -> Plan:
    """Where the target's rows go; PermanentError if they cannot, or if the table is another one than before."""
    _check(target)
    made = Table(table=target.table, shape=target.shape, disposition=target.disposition)
    before = known or made
    if (before.shape, before.disposition) != (made.shape, made.disposition):
        was, now = f"{before.disposition} {before.shape}", f"{made.disposition} {made.shape}"
        _refuse(f"the table {target.table} was made to {was}, and is now to {now}")
    if target.shape == "rows":
        own = tuple(Stored(name=column.name, column="cells", type="VARCHAR") for column in target.columns)
        return Plan(table=before, own=own, choices=((),) * len(own))
    return _typed(before, target)


def widened(plan: Plan, positions: Iterable[int]) -> Plan:
    """The same with the next type for those columns of the file, as their own do not hold what the file has."""
    for position in positions:
        plan = _widened(plan, position)
    return plan


def to_json(table: Table) -> bytes:
    """The document of a table."""
    return json.dumps(asdict(table), ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def from_json(document: bytes) -> Table:
    """The table that a document says; PermanentError if somebody has damaged it."""
    try:
        facts = json.loads(document)
        return Table(**{**facts, "columns": tuple(Stored(**column) for column in facts["columns"])})
    except (ValueError, KeyError, TypeError) as exc:
        message = "the columns of a Parquet table, below parquet/tables/, are damaged: an earlier version has them"
        raise PermanentError(message) from exc


def _check(target: Target) -> None:
    if target.disposition == "merge":
        _refuse(f"rows of {target.table} cannot be merged: Parquet files are appended, or replace each other")
    if not _NAME.fullmatch(target.table):
        _refuse(f"a table of Parquet files is called by letters, digits, - and _, not {target.table!r}")


def _typed(table: Table, target: Target) -> Plan:
    """Every label of the file has a column: those that are there, and behind them the new ones."""
    given = dict(zip(_labels(column.name for column in target.columns), target.columns, strict=True))
    known = dict(zip(_labels(column.name for column in table.columns), table.columns, strict=True))
    new = [label for label in given if label not in known]
    names = safe_names([label[0] for label in new], [column.column for column in table.columns])
    made = known | {
        label: Stored(name=label[0], column=name, type="NULL") for label, name in zip(new, names, strict=True)
    }
    # What had no values yet has the type of the first that come.
    open_ = {label for label in given if made[label].type == "NULL"}
    columns = made | {label: replace(made[label], type=CHOICE[given[label].type][0]) for label in open_}
    for label in given.keys() & known.keys():
        _require_taken(columns[label], given[label], target)
    return Plan(
        table=replace(table, columns=tuple(columns.values())),
        own=tuple(columns[label] for label in given),
        choices=tuple(CHOICE[column.type][1:] if label in open_ else () for label, column in given.items()),
    )


def _widened(plan: Plan, position: int) -> Plan:
    column, choice = plan.own[position], plan.choices[position]
    if not choice:
        _refuse(
            f"column {column.name!r} of the table {plan.table.table} is {column.type}, which would change a value"
            " of this file; load into a table of another name, or declare the field a string"
        )
    wider = replace(column, type=choice[0])
    columns = tuple(wider if each == column else each for each in plan.table.columns)
    return Plan(
        table=replace(plan.table, columns=columns),
        own=(*plan.own[:position], wider, *plan.own[position + 1 :]),
        choices=(*plan.choices[:position], choice[1:], *plan.choices[position + 1 :]),
    )


def _require_taken(stored: Stored, given: Column, target: Target) -> None:
    if not takes(stored.type, given.type):
        _refuse(f"column {given.name!r} of the table {target.table} is {stored.type}, and is now to hold {given.type}")


def _labels(names: Iterable[str]) -> Sequence[tuple[str, int]]:
    """Each name with how often it came before: a file may have several columns of one name."""
    seen: Counter[str] = Counter()
    labels = []
    for name in names:
        labels.append((name, seen[name]))
        seen[name] += 1
    return labels


def _refuse(message: str) -> None:
    raise PermanentError(message)
