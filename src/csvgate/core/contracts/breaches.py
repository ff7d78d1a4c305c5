"""Judged rows in; each rule that was broken, how often, and the first places, out; bounded, however bad the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from csvgate.core.codes import CODES
from csvgate.core.contracts.judge import Judged, Violation
from csvgate.core.contracts.layout import LabelFault
from csvgate.core.findings import FIRST_PLACES, Finding, Place
from csvgate.core.notes import NAMED_COLUMNS, printable
from csvgate.core.rows import Row
from csvgate.core.tally import excerpt_of

# So many places are kept of all rules together, and at least so many of each.
PLACES_IN_ALL, FEWEST_PLACES = 10_000, 3
_Rule = tuple[str, str, str | None, int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """A rule of one field that was broken: how often, in the words of the first, and the first places."""

    code: str
    rule: str
    field: str | None
    column: int | None
    count: int
    message: str
    first: tuple[Place, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The breach as a report shows it."""
        return {
            "code": self.code,
            "severity": CODES[self.code].severity,
            "rule": self.rule,
            "field": self.field,
            "column": self.column,
            "count": self.count,
            "message": self.message,
            "first": [place.to_json() for place in self.first],
        }


class Breaches:
    """Counts what is broken; keeps the first places only."""

    def __init__(self, faults: Sequence[LabelFault], fields: int) -> None:
        """Only the header was judged, for a contract of so many fields."""
        self._most = min(FIRST_PLACES, max(FEWEST_PLACES, PLACES_IN_ALL // max(fields, 1)))
        self._labels = [_of_label(fault) for fault in faults]
        self._counts: dict[_Rule, int] = {}
        self._messages: dict[_Rule, str] = {}
        self._places: dict[_Rule, list[Place]] = {}

    def add(self, judged: Judged) -> None:
        """What the rows break is counted."""
        wanted: dict[int, list[Violation]] = {}
        for at in sorted(judged.violations):
            for found in judged.violations[at]:
                rule = _rule(found)
                self._counts[rule] = self._counts.get(rule, 0) + 1
                if self._counts[rule] <= self._most:
                    wanted.setdefault(at, []).append(found)
        for row, violations in zip(judged.rows.pick(wanted), wanted.values(), strict=True):
            for found in violations:
                self._note(found, row)

    def found(self) -> tuple[Breach, ...]:
        """All breaches: those of the header first, then by their columns."""
        by_column = sorted(self._counts, key=lambda rule: (rule[3] or 0, -self._counts[rule]))
        return (*self._labels, *map(self._breach, by_column))

    def _note(self, found: Violation, row: Row) -> None:
        rule = _rule(found)
        excerpt = found.value if found.value is not None else "".join(row.cells[:1])
        place = Place(
            record=row.number,
            line=row.line,
            byte_offset=row.byte_offset,
            column=found.column,
            excerpt=excerpt_of(printable(excerpt)),
        )
        self._places.setdefault(rule, []).append(place)
        self._messages.setdefault(rule, f"line {row.line:,}: {printable(found.message)}")

    def _breach(self, rule: _Rule) -> Breach:
        code, name, field, column = rule
        return Breach(
            code=code,
            rule=name,
            field=field,
            column=column,
            count=self._counts[rule],
            message=self._messages[rule],
            first=tuple(self._places[rule]),
        )


def findings_of(breaches: Sequence[Breach]) -> tuple[Finding, ...]:
    """One finding for each code; its message speaks of the first columns."""
    codes = dict.fromkeys(breach.code for breach in breaches)
    return tuple(_finding(code, [breach for breach in breaches if breach.code == code]) for code in codes)


def _finding(code: str, breaches: Sequence[Breach]) -> Finding:
    said = list(islice(_sentences(breaches), NAMED_COLUMNS))
    more = [f"{len(breaches) - len(said):,} more alike"] if len(breaches) > len(said) else []
    places = sorted((place for breach in breaches for place in breach.first), key=_order)
    return Finding(
        code=code,
        severity=CODES[code].severity,
        count=sum(breach.count for breach in breaches),
        message="; ".join([*said, *more]),
        first=tuple(places[:FIRST_PLACES]),
    )


def _sentences(breaches: Sequence[Breach]) -> Iterator[str]:
    for breach in breaches:
        about = (
            f"column “{excerpt_of(breach.field)}”, " if breach.field and breach.first and breach.first[0].record else ""
        )
        yield f"{about}{breach.message}"


def _order(place: Place) -> tuple[int, int]:
    return place.record or 0, place.column or 0


def _rule(found: Violation) -> _Rule:
    # A ragged row has no column of its own: where it ends differs from row to row.
    return found.code, found.rule, found.field, found.column if found.field is not None else None


def _of_label(fault: LabelFault) -> Breach:
    place = Place(record=0, column=fault.column)
    first = (place,) if fault.column else ()
    message = printable(fault.message)
    return Breach(
        code=fault.code,
        rule="fieldsMatch",
        field=fault.field,
        column=fault.column,
        count=1,
        message=message,
        first=first,
    )
