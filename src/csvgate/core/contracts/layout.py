"""A schema and the names of a file's columns in; which column is which field, and what is wrong with the names, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from csvgate.core.contracts.schema import Field, Schema

_BOM = "\ufeff"


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelFault:
    """A name in the header that breaks the contract, or one that is missing there; `column` from 1."""

    code: str
    field: str
    column: int | None
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What a judged row holds: the fields of the contract in its order, then the columns that it does not name.

    `columns` are those of the file (from 0; None: not there), one for each of `fields`; `width` is that of the file.
    """

    fields: tuple[Field, ...]
    columns: tuple[int | None, ...]
    width: int
    faults: tuple[LabelFault, ...] = ()


def lay_out(schema: Schema, names: Sequence[str], *, has_header: bool = True) -> Layout:
    """The layout of a file; where its header breaks the contract, as far as the columns can be told."""
    names = _without_mark(schema, names)
    is_by_order = schema.fields_match == "exact"
    columns = _by_order(schema, names) if is_by_order else _by_name(schema, names)
    by_order, by_name = _order_faults(schema, names, has_header=has_header), _name_faults(schema, names, columns)
    faults = tuple(by_order if is_by_order else by_name)
    if is_by_order and faults and has_header:
        columns = _as_meant(schema, names)
    extra = [at for at in range(len(names)) if at not in set(columns)]
    return Layout(
        fields=(*schema.fields, *(Field(name=names[at]) for at in extra)),
        columns=(*columns, *extra),
        width=len(names),
        faults=faults,
    )


def _without_mark(schema: Schema, names: Sequence[str]) -> Sequence[str]:
    """A second byte order mark is no part of the first name, unless the contract has it: nobody sees it."""
    known = {field.name for field in schema.fields}
    return [name if at or name in known else name.lstrip(_BOM) for at, name in enumerate(names)]


def _by_order(schema: Schema, names: Sequence[str]) -> tuple[int | None, ...]:
    return tuple(at if at < len(names) else None for at in range(len(schema.fields)))


def _as_meant(schema: Schema, names: Sequence[str]) -> tuple[int | None, ...]:
    """Where columns are out of their places: by name, and by order what no name leads to; so rows are not blamed."""
    found, known = _by_name(schema, names), {field.name for field in schema.fields}
    if len(known) < len(schema.fields):  # two fields have one name
        return _by_order(schema, names)
    in_place = [at if at < len(names) and names[at] not in known else None for at in range(len(schema.fields))]
    return tuple(place if at is None else at for at, place in zip(found, in_place, strict=True))


def _by_name(schema: Schema, names: Sequence[str]) -> tuple[int | None, ...]:
    first = {name: at for at, name in reversed(list(enumerate(names)))}
    return tuple(first.get(field.name) for field in schema.fields)


def _order_faults(schema: Schema, names: Sequence[str], *, has_header: bool) -> Iterator[LabelFault]:
    """Each column has its place; where there is no header, only their number can be wrong."""
    for column, (field, name) in enumerate(zip_longest(schema.fields, names), start=1):
        if field is None:
            yield _extra(name, column)
        elif name is None:
            yield _missing(field)
        elif has_header and name != field.name:
            message = f"column {column} is called “{name}”, the contract wants “{field.name}” there"
            yield LabelFault(code="incorrect-label", field=field.name, column=column, message=message)


def _name_faults(schema: Schema, names: Sequence[str], columns: Sequence[int | None]) -> Iterator[LabelFault]:
    """Which names must be there, and whether others may."""
    may_miss, may_add = schema.fields_match in ("superset", "partial"), schema.fields_match in ("subset", "partial")
    known = {field.name for field in schema.fields}
    if schema.fields_match == "partial" and known.isdisjoint(names):
        message = "none of the columns of the contract is there"
        yield LabelFault(code="unmatched-header", field="", column=None, message=message)
    for field, at in zip(schema.fields, columns, strict=True):
        if at is None and (not may_miss or field.constraints.required or field.name in schema.primary_key):
            yield _missing(field)
    for at, name in enumerate(names):
        if name in names[:at] and name in known:
            message = f"columns {names.index(name) + 1} and {at + 1} are both called “{name}”"
            yield LabelFault(code="extra-label", field=name, column=at + 1, message=message)
        elif name not in known and not may_add:
            yield _extra(name, at + 1)


def _extra(name: str, column: int) -> LabelFault:
    message = f"column {column}, “{name}”, is not in the contract"
    return LabelFault(code="extra-label", field=name, column=column, message=message)


def _missing(field: Field) -> LabelFault:
    message = f"the column “{field.name}” is missing"
    return LabelFault(code="missing-label", field=field.name, column=None, message=message)
