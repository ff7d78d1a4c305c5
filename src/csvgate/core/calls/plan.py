"""An inspection in; what any reader must be told of the file, and what is wrong for most of them, out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from csvgate.core.columns.column import ColumnProfile, ColumnType
from csvgate.core.columns.shapes import MISSING_WORDS, ZONED, ZONED_APART, shape_of
from csvgate.core.dialect import Dialect
from csvgate.core.findings import EXCERPT_LENGTH
from csvgate.core.inspection import Inspection

MISSING = ("", *sorted(MISSING_WORDS))
# Findings after which readers part: each has its own way with such a file, and few say a word.
AMISS = (
    "extra-cell",
    "missing-cell",
    "unclosed-quote",
    "stray-quote",
    "encoding-error",
    "footer",
    "several-tables",
    "doubled-carriage-return",
    "end-of-file-mark",
)
# Records that say that they are none: a total, and the header once more.
OTHER_RECORDS = ("footer", "repeated-header")
# `2024-01-02T10:00:00.123456`, and so on: a fraction with more digits is cut by most, without a word.
LONGEST_MOMENT, LONGEST_ZONED, LONGEST_TIME = 26, 27, 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column as it is to be read: `name` is unique and printable; of a `string` nothing is converted.

    `is_apart`: some of its zones stand behind a blank, or have a name.
    """

    name: str
    type: ColumnType = "string"
    format: str | None = None
    has_nulls: bool = True
    is_zoned: bool = False
    is_apart: bool = False

    @property
    def is_typed(self) -> bool:
        """The values are more than text."""
        return self.type not in ("string", "any")

    @property
    def needs_words(self) -> bool:
        """Some values are missing, perhaps as a word such as NA."""
        return self.is_typed and self.has_nulls

    @property
    def marks(self) -> tuple[str, str]:
        """What tells thousands apart, and what stands before the decimals."""
        parts = dict(part.partition("=")[::2] for part in (self.format or "").split(";"))
        return parts.get("groupChar", ""), parts.get("decimalChar", ".")


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How a file is to be read; `notes` are for the person, `amiss` is what readers get wrong in it.

    `has_other_records`: some say that they are none, a total or the header once more.
    `inner_quotes` are those that stand within cells without quotes, as in `3" pipe`: some readers take them so.
    """

    filename: str
    dialect: Dialect
    columns: Sequence[Column]
    compression: str | None = None
    bom: int = 0
    row_count: int = 0
    header_lines: int = 1
    has_blank_lines: bool = False
    has_own_names: bool = True
    has_nul: bool = False
    longest: int = 0
    notes: Sequence[str] = ()
    amiss: Sequence[str] = ()
    inner_quotes: Sequence[str] = ()
    has_other_records: bool = False

    @property
    def line_end(self) -> str:
        """The most frequent line end."""
        return self.dialect.line_terminators[0]

    @property
    def strings(self) -> Sequence[Column]:
        """The columns in which a word such as NA is a value."""
        return [column for column in self.columns if column.type == "string"]


def plan_of(inspection: Inspection, filename: str) -> Plan:
    """The plan for the file as it is."""
    columns = tuple(_columns(inspection))
    renamed = [
        f"column {number} is called {column.name!r} here: its own name is empty, taken or not printable"
        for number, (column, name) in enumerate(zip(columns, inspection.column_names, strict=True), start=1)
        if column.name != name
    ]
    end = inspection.dialect.line_terminators[0]
    inner = {"stray-quote"} if _are_inner_quotes(inspection) else set()
    amiss = set(AMISS) - inner
    return Plan(
        filename=filename,
        dialect=inspection.dialect,
        columns=columns,
        compression=inspection.compression,
        bom=inspection.bytes.bom,
        row_count=inspection.row_count,
        header_lines=inspection.dialect.header_row_count + sum(name.count(end) for name in inspection.column_names),
        has_blank_lines=inspection.bytes.blank > 0,
        has_own_names=not renamed and inspection.dialect.header,
        has_nul=any(finding.code == "nul-byte" for finding in inspection.findings),
        longest=sum(profile.max_length or 0 for profile in inspection.columns),
        notes=[*renamed, *_kept_as_text(inspection)],
        amiss=[*_said(inspection, amiss), *_written_oddly(inspection.dialect)],
        inner_quotes=_said(inspection, inner),
        has_other_records=bool(_said(inspection, OTHER_RECORDS)),
    )


def cleaned(plan: Plan, filename: str) -> Plan:
    """The plan for the same file after `csvgate clean`: what is left of a file keeps its types."""
    return replace(
        plan,
        filename=filename,
        dialect=Dialect(),
        compression=None,
        bom=0,
        header_lines=1 + plan.header_lines - plan.dialect.header_row_count,
        has_blank_lines=False,
        has_own_names=plan.has_own_names or not plan.dialect.header,
        amiss=(),
        inner_quotes=(),
    )


def _columns(inspection: Inspection) -> Iterator[Column]:
    taken: set[str] = set()
    names = inspection.column_names
    profiles: list[ColumnProfile | None] = [*inspection.columns]
    profiles += [None] * (len(names) - len(profiles))  # beyond what is profiled, columns are text
    for number, (name, profile) in enumerate(zip(names, profiles, strict=True), start=1):
        label = _free(name if name.strip() and name.isprintable() else f"column_{number}", taken)
        taken.add(label.casefold())
        yield _column(label, profile) if profile else Column(name=label)


def _free(name: str, taken: set[str]) -> str:
    """The name, or with the first number that makes it one of its own: SQL does not tell `Id` from `id`."""
    if name.casefold() not in taken:
        return name
    return next(fresh for number in count(2) if (fresh := f"{name}_{number}").casefold() not in taken)


def _column(name: str, profile: ColumnProfile) -> Column:
    kept = _is_kept_as_text(profile)
    return Column(
        name=name,
        type="string" if kept else profile.type,
        format=None if kept else profile.format,
        has_nulls=kept or profile.null_count > 0,
        is_zoned=not kept and _is_zoned(profile),
        is_apart=not kept and _is_zoned(profile) and ZONED_APART in map(shape_of, _known(profile)),
    )


def _is_zoned(profile: ColumnProfile) -> bool:
    return profile.type == "datetime" and shape_of(profile.min or "") in (ZONED, ZONED_APART)


def _known(profile: ColumnProfile) -> list[str]:
    """The values that a profile has as they are."""
    return [profile.min or "", profile.max or "", *(text for text, _ in profile.top_values)]


def _is_kept_as_text(profile: ColumnProfile) -> bool:
    longest = LONGEST_ZONED if _is_zoned(profile) else LONGEST_MOMENT
    limit = {"datetime": longest, "time": LONGEST_TIME}.get(profile.type)
    return limit is not None and (profile.max_length or 0) > limit


def _kept_as_text(inspection: Inspection) -> Iterator[str]:
    for profile in inspection.columns:
        if _is_kept_as_text(profile):
            yield f"column {profile.name!r} stays text: not every reader keeps its fractions of a second"


def _said(inspection: Inspection, codes: Collection[str]) -> list[str]:
    found = [finding for finding in inspection.findings if finding.code in codes]
    return [f"{one.message}{f' ({one.count:,} times in all)' if one.count > 1 else ''}" for one in found]


def _are_inner_quotes(inspection: Inspection) -> bool:
    """Whether all stray quotes are known to stand in records of which no cell begins with a quote."""
    dialect, stray = inspection.dialect, [found for found in inspection.findings if found.code == "stray-quote"]
    records = [place.excerpt or "" for found in stray for place in found.first]
    if not dialect.quote_char or dialect.escape_char or len(records) < sum(found.count for found in stray):
        return False
    cells = (cell.lstrip() for record in records for cell in record.split(dialect.delimiter))
    is_whole = all(len(record) < EXCERPT_LENGTH for record in records)
    return is_whole and not any(cell.startswith(dialect.quote_char) for cell in cells)


def _written_oddly(dialect: Dialect) -> Iterator[str]:
    if len(dialect.delimiter) > 1:
        yield f"cells are separated by {dialect.delimiter!r}"
    if dialect.skip_initial_space:
        yield "blanks that belong to no cell stand behind the delimiters"
    if dialect.header_row_count > 1:
        yield f"the header has {dialect.header_row_count} rows"
