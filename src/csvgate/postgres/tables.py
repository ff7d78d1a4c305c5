"""A Target in; the table in which its rows are to stand, with a column for each of the file's, out.

Names of files never reach PostgreSQL: tables and columns have safe names, and the map is stored in `csvgate.targets`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NoReturn

import psycopg
from psycopg import Connection, sql

from csvgate.errors import PermanentError
from csvgate.load import Column, Target
from csvgate.postgres.columns import Stored, definition, takes
from csvgate.postgres.names import LONGEST, OURS, safe_names
from csvgate.postgres.statements import Statements, read

SCHEMA = "csvgate_data"
STATEMENTS = read("tables")
# The most that a table of PostgreSQL may have, less those that are ours.
MOST_COLUMNS = 1600 - len(OURS)
# What stands behind the name of the table whose rows are replaced, and of the sequence that numbers rows.
ALL, ROW = "$all", "$row"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the rows of one load go; without a relation, to `csvgate.rows`. `columns` are in the order of the file.

    `absent` are those of the table that the file does not have: in its rows they have no value.
    """

    target: int
    disposition: str
    relation: str | None = None
    keys: tuple[str, ...] = ()
    columns: tuple[Stored, ...] = ()
    absent: tuple[Stored, ...] = ()

    @property
    def table(self) -> sql.Composable:
        """The table that holds the rows."""
        return table_of(self.relation)

    @property
    def delivery_column(self) -> sql.Identifier:
        """The column that says whose a row is."""
        return delivery_column(self.relation)

    @property
    def sequence(self) -> str:
        """What numbers the rows that are taken as they are."""
        return quoted(f"{self.shown}{ROW}")

    @property
    def shown(self) -> str:
        """What readers SELECT from."""
        return (self.relation or "").removesuffix(ALL)


def table_of(relation: str | None) -> sql.Composable:
    """The table by the name that the ledger has."""
    return sql.Identifier("csvgate", "rows") if relation is None else sql.Identifier(SCHEMA, relation)


def delivery_column(relation: str | None) -> sql.Identifier:
    """The column of that table that says whose a row is."""
    return sql.Identifier("delivery" if relation is None else OURS[0])


def public_name(relation: str | None) -> str:
    """What a person SELECTs from."""
    return "csvgate.live_rows" if relation is None else f"{SCHEMA}.{relation.removesuffix(ALL)}"


def quoted(relation: str) -> str:
    """A name as SQL has it in a string: safe names hold no quotes."""
    return f'{SCHEMA}."{relation}"'


def prepare(connection: Connection, target: Target) -> Place:
    """The target is there and locked until the transaction ends, and has a column for each of the file's.

    Where a table of its own is not possible, rows of any shape are.
    PermanentError: the target is another one than before.
    """
    run = Statements(connection, STATEMENTS)
    keys = list(target.keys)
    _check(target)
    is_new = run.value("offer", name=target.table, disposition=target.disposition, keys=keys) is not None
    number, relation, disposition, stored_keys, columns = next(run.run("lock", name=target.table))
    if (disposition, stored_keys) != (target.disposition, keys):
        was = f"{disposition} {stored_keys}" if stored_keys else disposition
        _refuse(f"the table {target.table} was made to {was}, and is now to {target.disposition} {keys or ''}".strip())
    place = Place(target=number, disposition=disposition, relation=relation)
    fits = target.shape == "typed" and len(target.columns) <= MOST_COLUMNS
    if is_new and fits:
        return _create(run, place, target)
    known = tuple(Stored(**column) for column in columns)
    if relation and fits and len(_stored(target.columns, known)) <= MOST_COLUMNS:
        return _widen(run, replace(place, columns=known), target)
    if relation and disposition != "append":
        # Readers look at one table, some through a view, and would miss the rows.
        _refuse(
            f"rows of {target.table} are to {disposition} others in a table of its own, and this file has no place"
            f" there: it has {len(target.columns):,} columns and goes to the shape {target.shape}; load it into another"
            " table"
        )
    return Place(target=number, disposition=disposition)


def locked(connection: Connection, target: Target) -> tuple[int | None, str | None]:
    """Nobody else loads into the target until the transaction ends; its number and its table, if it has them yet."""
    found = Statements(connection, STATEMENTS).run("lock", name=target.table).fetchone()
    return (found[0], found[1]) if found else (None, None)


def lock(connection: Connection, target: int) -> None:
    """Nobody else loads into the target until the transaction ends."""
    Statements(connection, STATEMENTS).run("lock_number", target=target)


def count(connection: Connection, relation: str | None, delivery: int) -> int:
    """How many rows of the delivery are in the table, as PostgreSQL counts them."""
    names = {"table": table_of(relation), "delivery": delivery_column(relation)}
    return int(Statements(connection, STATEMENTS).value("count", names, delivery=delivery))


def remove(connection: Connection, relation: str | None, delivery: int) -> int:
    """No row of the delivery is in the table; how many were."""
    names = {"table": table_of(relation), "delivery": delivery_column(relation)}
    return Statements(connection, STATEMENTS).run("remove", names, delivery=delivery).rowcount


def _check(target: Target) -> None:
    """What is asked for can be done at all."""
    if target.disposition != "merge":
        return
    names = Counter(column.name for column in target.columns)
    odd = [key for key in target.keys if names[key] != 1]
    if odd or not target.keys:
        _refuse(f"rows of {target.table} cannot be merged: no single column is called {', '.join(odd) or 'a key'}")
    if target.shape != "typed" or len(target.columns) > MOST_COLUMNS:
        _refuse(f"rows of {target.table} cannot be merged: they do not stand in a table of their own")


def _create(run: Statements, place: Place, target: Target) -> Place:
    run.run("alone")
    taken = {str(name).removesuffix(ALL) for (name,) in run.run("relations")}
    (shown,) = safe_names([target.table], taken, LONGEST - len(ALL))
    columns = _stored(target.columns, ())
    relation = shown + ALL if target.disposition == "replace" else shown
    place = replace(place, relation=relation, columns=columns, keys=_key_columns(columns, target))
    sequence = quoted(f"{shown}{ROW}")
    run.run(
        "create",
        {
            "sequence": sql.Identifier(SCHEMA, f"{shown}{ROW}"),
            "sequence_name": sql.Literal(sequence),
            "table": place.table,
            "columns": sql.SQL(", ").join(map(definition, columns)),
        },
    )
    if place.keys:
        run.run("create_key", {"table": place.table, "keys": identifiers(place.keys)})
    _describe(run, place, columns)
    return place


def _widen(run: Statements, place: Place, target: Target) -> Place:
    """The table has a column for each of the file's: those that it lacks are added, and none is changed."""
    place = replace(place, columns=_with_late_types(run, place, target))
    columns = _stored(target.columns, place.columns)
    added = columns[len(place.columns) :]
    for column in added:
        run.run("add_column", {"table": place.table, "column": definition(column)})
    if added:
        _describe(run, place, columns)
    by_label = dict(zip(_labels(columns), columns, strict=True))
    own = [by_label[label] for label in _labels(target.columns)]
    for given, stored in zip(target.columns, own, strict=True):
        if not takes(stored.type, given.type):
            _refuse(f"column {given.name!r} of {target.table} holds values of type {stored.type}, not {given.type}")
    actual = dict(run.run("types", table=quoted(place.relation or "")).fetchall())
    _require_kept(actual, own, target)
    # What somebody has dropped and this file does not have need not be there.
    absent = tuple(column for column in columns if column not in own and column.column in actual)
    return replace(place, columns=tuple(own), absent=absent, keys=_key_columns(columns, target))


def _require_kept(actual: Mapping[str, str], columns: Sequence[Stored], target: Target) -> None:
    """The columns are what they were made: somebody else may have altered them, and they would round values."""
    for column in columns:
        kind = actual.get(column.column, "gone")
        if not column.is_kept_by(kind):
            _refuse(
                f"column {column.name!r} of {target.table} was made for values of type {column.type}, and is {kind}"
            )


def _with_late_types(run: Statements, place: Place, target: Target) -> tuple[Stored, ...]:
    """The columns of the table; those that had no values yet, and now may have some, have the type of these."""
    given = dict(zip(_labels(target.columns), (column.type for column in target.columns), strict=True))
    labels = zip(_labels(place.columns), place.columns, strict=True)
    late = {column.column: given[label] for label, column in labels if column.type == "any" and label in given}
    found = tuple(replace(column, type=late.get(column.column, column.type)) for column in place.columns)
    if found == place.columns:
        return found
    if not _retype(run, place, [column for column in found if column.column in late]):
        found = tuple(replace(column, type="string") if column.column in late else column for column in found)
    _describe(run, place, found)
    return found


def _retype(run: Statements, place: Place, late: Sequence[Stored]) -> bool:
    """The columns have their types; False where they stay texts, as something depends on them that is not ours."""
    if run.value("has_values", {"table": place.table, "columns": identifiers(column.column for column in late)}):
        return False
    changes = sql.SQL(", ").join(column.change for column in late)
    view = sql.Identifier(SCHEMA, place.shown)
    grants = run.run("grants", view=quoted(place.shown)).fetchall() if place.disposition == "replace" else []
    try:
        with run.connection.transaction():
            if place.disposition == "replace":
                run.run("hide", {"view": view})
            run.run("retype", {"table": place.table, "changes": changes})
            _show(run, place, place.columns)
            for grant in grants:
                run.run("grant", {"view": view, "grant": sql.SQL(grant[0]), "role": sql.SQL(grant[1])})
    except (psycopg.errors.DependentObjectsStillExist, psycopg.errors.FeatureNotSupported, psycopg.DataError):
        return False
    return True


def _show(run: Statements, place: Place, columns: Sequence[Stored]) -> None:
    """Readers see the columns, also where they see one delivery only."""
    if place.disposition == "replace":
        names = identifiers(column.column for column in columns)
        view = sql.Identifier(SCHEMA, place.shown)
        run.run("show", {"view": view, "table": place.table, "columns": names, "target": sql.Literal(place.target)})


def _describe(run: Statements, place: Place, columns: Sequence[Stored]) -> None:
    """The name map is stored, and readers see the columns."""
    _show(run, place, columns)
    stored: list[dict[str, Any]] = [asdict(column) for column in columns]
    run.run("describe", target=place.target, relation=place.relation, columns=stored)


def _stored(columns: Sequence[Column], known: Sequence[Stored]) -> tuple[Stored, ...]:
    """The known columns, and behind them those that are new."""
    labels = set(_labels(known))
    new = [column for label, column in zip(_labels(columns), columns, strict=True) if label not in labels]
    taken = {*OURS, *(column.column for column in known)}
    names = safe_names([*(column.column for column in known), *(column.name for column in new)])[len(known) :]
    assert taken.isdisjoint(names)  # noqa: S101  a mistake of ours
    return (*known, *(Stored(name=c.name, column=n, type=c.type) for c, n in zip(new, names, strict=True)))


def _labels(columns: Iterable[Column | Stored]) -> list[tuple[str, int]]:
    """Each name, and the how manieth of that name it is: files may have several columns of one name."""
    seen: Counter[str] = Counter()
    labels = []
    for column in columns:
        labels.append((column.name, seen[column.name]))
        seen[column.name] += 1
    return labels


def _key_columns(columns: Sequence[Stored], target: Target) -> tuple[str, ...]:
    by_name = {column.name: column.column for column in columns}
    return tuple(by_name[key] for key in target.keys)


def identifiers(names: Iterable[str]) -> sql.Composed:
    """The names, with commas between them."""
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _refuse(problem: str) -> NoReturn:
    raise PermanentError(problem)
