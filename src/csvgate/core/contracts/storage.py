"""Where a feed's rows go in; which values a typed column there would change, or does not take, as rules, out.

A value that is right may still be none that a database holds: PostgreSQL rounds times to microseconds, knows no zone
sixteen hours from UTC, and ends a load for one number of 20,000 digits. So the judge looks at them before.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from csvgate.core.columns.column import ColumnType
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.instants import FINER
from csvgate.core.contracts.rules import Rule, quoted

# PostgreSQL, table 8.2 "Numeric Types": digits before the point, and behind it.
WHOLE_DIGITS, DECIMALS, LARGEST = 131_072, 16_383, 2**63 - 1
# Texts that are no longer are within them: a number with its exponent of three digits, and an integer with its sign.
SURELY, SMALL = 15_000, 18
# An entry of an index has 2,704 bytes at most, some of which are PostgreSQL's own.
LONGEST_KEY = 2_600
_FAR_ZONE = re.compile(r"[+-](?:1[6-9]|2[0-3])(?::?[0-5][0-9]){0,2}(?:\.[0-9]+)?$", re.MULTILINE)
_FINE_ZONE = re.compile(r"[+-][0-9:]{5,8}\.[0-9]+$", re.MULTILINE)
Limits = Mapping[ColumnType, tuple[Rule, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Storage:
    """What a typed table holds: `limits` are the rules of each type, for plain texts; `keys` those of some fields.

    `is_strict`: a row with a value beyond them breaks the contract; else the column becomes text, and keeps it.
    """

    limits: Limits = field(default_factory=dict)
    keys: Mapping[str, Rule] = field(default_factory=dict)
    is_strict: bool = True


ANYWHERE = Storage()


def storage_of(feed: Feed) -> Storage:
    """What holds the rows of the feed; without a contract nobody has promised what is then broken."""
    if feed.sink != "postgresql" or feed.shape != "typed":
        return ANYWHERE
    most = LONGEST_KEY // max(len(feed.keys), 1)
    keys = {name: _key(most) for name in feed.keys}
    return Storage(limits=_POSTGRESQL, keys=keys, is_strict=feed.contract is not None)


def _key(most: int) -> Rule:
    return Rule(
        name="key",
        breaks=lambda texts: [text for text in texts if len(text) * 4 > most and len(text.encode()) > most],
        says=lambda text: f"{quoted(text)} is longer than the {most:,} bytes that a key of the table may have",
    )


def _matching(texts: Collection[str], pattern: re.Pattern[str]) -> Collection[str]:
    """Looked for in all of them at once first: hardly any file has one."""
    if not pattern.search("\n".join(texts)):
        return ()
    return [text for text in texts if pattern.search(text)]


def _rule(name: str, breaks: Callable[[Collection[str]], Collection[str]], what: str) -> Rule:
    says = functools.partial(lambda text, what: f"{quoted(text)} {what}", what=what)
    return Rule(name=name, code="type-error", breaks=breaks, says=says)


def _too_long(texts: Collection[str]) -> Collection[str]:
    return [text for text in texts if len(text) > SURELY and not _is_numeric(Decimal(text))]


def _is_numeric(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= DECIMALS and number.adjusted() < WHOLE_DIGITS


def _too_large(texts: Collection[str]) -> Collection[str]:
    return [text for text in texts if len(text) > SMALL and not -LARGEST - 1 <= Decimal(text) <= LARGEST]


_FINE = _rule(
    "microseconds",
    functools.partial(_matching, pattern=FINER),
    "is finer than a microsecond, and the table holds nothing finer",
)
_ZONES = (
    _rule(
        "offset",
        functools.partial(_matching, pattern=_FAR_ZONE),
        "is in a zone sixteen hours or more from UTC, which the table does not know",
    ),
    _rule(
        "offset",
        functools.partial(_matching, pattern=_FINE_ZONE),
        "is in a zone a part of a second from UTC, which the table does not know",
    ),
)
_POSTGRESQL: Limits = MappingProxyType(
    {
        "integer": (_rule("digits", _too_large, "is an integer of more than 64 bits, which the table does not hold"),),
        "number": (_rule("digits", _too_long, "has more digits than a number of the table holds"),),
        "time": (_FINE,),
        "datetime": (_FINE, *_ZONES),
    }
)
