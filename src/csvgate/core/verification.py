"""A receipt and a fresh inspection of the file in; what both say of it, and where they agree, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

# What anybody can count again, from the plainest to the finest.
FACTS = ("file_size_bytes", "sha256", "compression", "row_count", "column_count", "column_names")
# What a contract found: of it, the file alone proves nothing.
PROMISED = frozenset({
    "missing-label",
    "extra-label",
    "incorrect-label",
    "unmatched-header",
    "type-error",
    "constraint-error",
    "unique-error",
    "primary-key",
    "too-many-bad-rows",
})  # fmt: skip
# How the file is written; how sure that is, `confidence`, is no fact of the file.
DIALECT = (
    "encoding",
    "delimiter",
    "quoteChar",
    "doubleQuote",
    "escapeChar",
    "skipInitialSpace",
    "header",
    "headerRowCount",
    "skipRows",
    "lineTerminators",
    "commentPrefix",
)
ONLY_WHERE_TRUE = ("escapeChar", "skipInitialSpace")
# What is known of a column, whatever else is: its other figures may be left out, as they are for want of room.
ESSENTIAL = ("name", "type", "null_count")
# Where a count of distinct values is approximate, two of them lie within so many standard errors of each other.
STANDARD_ERRORS = 6
VERDICTS = ("ok", "warning", "rejected")
_PERCENT = re.compile(r"(?P<percent>[0-9.]+)%")
_HASH = re.compile("[0-9a-f]{64}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One fact: what the receipt `expected` and what was `found` in the file.

    A fact that is missing, or is nothing that such a fact can be, is not stated.
    """

    name: str
    expected: Any
    found: Any
    is_stated: bool = True

    @property
    def agrees(self) -> bool:
        """Both say the same; 1 is not true, as it would be to Python."""
        return self.is_stated and type(self.expected) is type(self.found) and bool(self.expected == self.found)

    def to_json(self) -> dict[str, Any]:
        """The fact, both sides of it, and whether they are one."""
        return {
            "name": self.name,
            "expected": self.expected,
            "found": self.found,
            "stated": self.is_stated,
            "agrees": self.agrees,
        }


def verify(receipt: Mapping[str, Any], inspection: Mapping[str, Any]) -> Sequence[Check]:
    """Every fact that a receipt has to state, each held to the inspection; none where it is no receipt.

    Findings are compared by code and count. Where a receipt has a dialect, or columns, their facts are compared, too,
    but for approximate figures: of these, only counts of distinct values, and within their error.
    """
    if receipt.keys().isdisjoint((*FACTS, "bytes")):
        return ()
    return tuple(_checks(receipt, inspection))


def _checks(receipt: Mapping[str, Any], inspection: Mapping[str, Any]) -> Iterator[Check]:
    for name in FACTS:
        yield _check(name, receipt.get(name, ...), inspection[name])
    stated = _counts(receipt.get("findings"))
    # A contract that rejects a file says why; one that lets it pass says what it found.
    is_judged = bool(receipt.get("reason")) or not PROMISED.isdisjoint(stated or ())
    yield _verdict(receipt.get("verdict"), inspection["verdict"], may_be_worse=is_judged)
    yield _findings(stated, dict(_counts(inspection["findings"]) or {}))
    ledger = receipt.get("bytes")
    parts = ledger if isinstance(ledger, Mapping) else {}
    for name, found in inspection["bytes"].items():
        yield _check(f"bytes.{name}", parts.get(name, ...), found)
    yield from _dialect(receipt.get("dialect", ...), inspection["dialect"])
    yield from _columns(receipt.get("columns", ...), inspection["columns"])


def _dialect(stated: object, found: Mapping[str, Any]) -> Iterator[Check]:
    """Nothing where the receipt has no dialect."""
    if stated is ...:
        return
    parts = stated if isinstance(stated, Mapping) else {}
    for name in DIALECT:
        value = parts.get(name, None if name in ONLY_WHERE_TRUE else ...)
        if name in found or value is not None:
            yield _figure(f"dialect.{name}", value, found.get(name))


def _columns(stated: object, found: Sequence[Mapping[str, Any]]) -> Iterator[Check]:
    """Nothing where the receipt has no columns; else each figure of each of them."""
    if stated is ...:
        return
    columns = stated if isinstance(stated, list) else []
    if len(columns) != len(found):
        yield Check(name="columns", expected=len(columns), found=len(found))
    for number, (said, column) in enumerate(zip(columns, found, strict=False), start=1):
        yield from _column(f"columns.{number}", said if isinstance(said, Mapping) else {}, column)


def _column(name: str, stated: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Check]:
    errors = found["approximate"]
    for figure, value in found.items():
        if figure == "approximate" or (figure not in stated and figure not in ESSENTIAL):
            continue
        check = _figure(f"{name}.{figure}", stated.get(figure, ...), value)
        if figure not in errors:
            yield check
        elif figure == "distinct_count":
            yield _within(check, errors[figure])


def _figure(name: str, stated: object, found: object) -> Check:
    """As `_check`, for what may be null; 4 is 4.0, as a program that read the receipt may have written it."""
    if type(stated) is int and isinstance(found, float):
        stated = float(stated)
    return Check(name=name, expected=None if stated is ... else stated, found=found, is_stated=stated is not ...)


def _within(check: Check, error: str) -> Check:
    """The check, whose two sides are one if they are no further apart than their error allows."""
    share = float(found["percent"]) / 100 if (found := _PERCENT.search(error)) else 0.0
    is_count = type(check.expected) is int
    if is_count and abs(check.expected - check.found) <= STANDARD_ERRORS * share * max(check.expected, check.found):
        return replace(check, found=check.expected)
    return check


def _check(name: str, stated: object, found: object) -> Check:
    """`stated` is ... where there is nothing; hexadecimal digits may be large or small."""
    if name == "sha256" and isinstance(stated, str) and _HASH.fullmatch(stated):
        return Check(name=name, expected=stated.lower(), found=found)
    kinds = (str, type(None)) if name == "compression" else (type(found),)
    is_sound = type(stated) in kinds and name != "sha256"
    return Check(name=name, expected=None if stated is ... else stated, found=found, is_stated=is_sound)


def _verdict(stated: object, found: str, *, may_be_worse: bool) -> Check:
    """A contract may have made the verdict worse than the file alone is."""
    if stated not in VERDICTS:
        return Check(name="verdict", expected=stated, found=found, is_stated=False)
    worst = max(str(stated), found, key=VERDICTS.index)
    return Check(name="verdict", expected=stated, found=worst if may_be_worse else found)


def _findings(stated: Counter[str] | None, found: dict[str, int]) -> Check:
    if stated is None:
        return Check(name="findings", expected=None, found=found, is_stated=False)
    expected = {code: count for code, count in stated.items() if code not in PROMISED}
    return Check(name="findings", expected=expected, found=found)


def _counts(findings: object) -> Counter[str] | None:
    """How often each code was found; None where these are no findings."""
    counts: Counter[str] = Counter()
    for finding in findings if isinstance(findings, list) else [None]:
        code, count = (finding.get("code"), finding.get("count")) if isinstance(finding, Mapping) else (None, None)
        if not isinstance(code, str) or type(count) is not int:
            return None
        counts[code] += count
    return counts
