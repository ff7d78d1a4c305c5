"""An inspection in, and how its cells are written if somebody looked; the schema that its file keeps out.

Only what the whole file proves is promised, and little of that: that no cell is empty, and which column identifies a
row. Ranges and lists of values are left to the author: those of one delivery say nothing of the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from csvgate.core.columns.column import ColumnProfile
from csvgate.core.columns.shapes import MISSING_WORDS, NO_VALUES
from csvgate.core.contracts.schema import FALSE_VALUES, TRUE_VALUES, Constraints, Field, Schema
from csvgate.core.contracts.spelling import STRING_FORMATS
from csvgate.core.inspection import Inspection
from csvgate.core.rows import Rows

YES, NO = ("yes", "Yes", "YES"), ("no", "No", "NO")
# A column that identifies rows is called so, or stands first.
IDENTIFIERS = ("id", "key", "nr", "no", "number", "nummer", "code", "uuid")


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """How the cells of a column are written: the words for no value in it, and whether each number is written once.

    5 and +5 are the same number; nothing else about integers is written in two ways.
    """

    missing: frozenset[str] = frozenset(NO_VALUES)
    is_plain: bool = False


def look(batches: Iterator[Rows], width: int) -> tuple[Written, ...]:
    """How the cells of each column are written."""
    missing, signed = [set[str]() for _ in range(width)], [False] * width
    for rows in batches:
        for at in range(width):
            cells = {row[at] for row in rows.cells if len(row) > at}
            missing[at] |= NO_VALUES & cells
            signed[at] = signed[at] or any(cell.startswith(("+", "-0")) for cell in cells)
    return tuple(
        Written(missing=frozenset(words), is_plain=not is_signed)
        for words, is_signed in zip(missing, signed, strict=True)
    )


def infer(inspection: Inspection, written: Sequence[Written] = ()) -> Schema:
    """The schema that every row of the file keeps, unless it breaks any: ragged, or with bytes that are no text."""
    profiled = len(inspection.columns)
    looks = [*written, *[Written()] * (profiled - len(written))]
    fields = [
        _field(profile, look_at, is_sure=bool(written))
        for profile, look_at in zip(inspection.columns, looks, strict=False)
    ]
    beyond = (Field(name=name) for name in inspection.column_names[profiled:])
    return Schema(fields=(*fields, *beyond), primary_key=_primary_key(inspection, looks, fields))


def _field(profile: ColumnProfile, written: Written, *, is_sure: bool) -> Field:
    field = _typed(profile, written, is_sure=is_sure)
    has_values = profile.distinct_count > 0
    if field.missing_values is not None and not is_sure:
        return field
    is_filled = has_values and not profile.null_count and not (field.missing_values and written.missing - {""})
    return replace(field, constraints=Constraints(required=True)) if is_filled else field


def _typed(profile: ColumnProfile, written: Written, *, is_sure: bool) -> Field:
    field = Field(name=profile.name, type=profile.type)
    if profile.type == "string":
        return _string(field, profile, written, is_sure=is_sure)
    if profile.null_count and written.missing - {""}:
        field = replace(field, missing_values=("", *sorted(written.missing - {""})))
    if profile.type == "boolean":
        return _boolean(field, profile)
    if profile.type == "number":
        marks = dict(part.partition("=")[::2] for part in (profile.format or "").split(";"))
        return replace(field, decimal_char=marks.get("decimalChar", "."), group_char=marks.get("groupChar", ""))
    return replace(field, format=profile.format)


def _string(field: Field, profile: ColumnProfile, written: Written, *, is_sure: bool) -> Field:
    """All values but words for a missing one are addresses, links or identifiers."""
    is_exact = is_sure and "pattern" not in dict(profile.approximate)
    if not is_exact or profile.pattern not in STRING_FORMATS:
        return field
    words = sorted(written.missing & MISSING_WORDS)
    return replace(field, format=profile.pattern, missing_values=("", *words) if words else None)


def _boolean(field: Field, profile: ColumnProfile) -> Field:
    """With the words of the file; where there are too many of them to be listed, it is text."""
    words = [word for word, _ in profile.top_values]
    if len(words) < profile.distinct_count or not profile.distinct_is_exact:
        return Field(name=field.name, type="string")
    if set(words) <= {*TRUE_VALUES, *FALSE_VALUES}:
        return field
    is_yes_no = words[0].lower() in ("yes", "no")
    true, false = (YES, NO) if is_yes_no else (TRUE_VALUES, FALSE_VALUES)
    more = [word for word in words if word not in (*true, *false)]
    return replace(
        field,
        true_values=(*true, *(word for word in more if word.lower() in ("true", "yes"))),
        false_values=(*false, *(word for word in more if word.lower() in ("false", "no"))),
    )


def _primary_key(inspection: Inspection, looks: Sequence[Written], fields: Sequence[Field]) -> tuple[str, ...]:
    """The first column that identifies each row, by its values and by its name or place.

    One that has words for no value has a row without a key, though each of these words stands there once.
    """
    found = [
        profile.name
        for at, (profile, written, field) in enumerate(zip(inspection.columns, looks, fields, strict=False))
        if _identifies(profile, inspection.row_count, written)
        and field.missing_values is None
        and (at == 0 or profile.name.casefold().endswith(IDENTIFIERS))
        and inspection.column_names.count(profile.name) == 1
    ]
    return tuple(found[:1])


def _identifies(profile: ColumnProfile, rows: int, written: Written) -> bool:
    """No two rows have the same value in the column, and all have one: proved, not estimated."""
    is_proved = profile.distinct_is_exact and profile.distinct_count == rows > 1 and not profile.null_count
    is_written_once = profile.type == "string" or (profile.type == "integer" and written.is_plain)
    return is_proved and is_written_once
