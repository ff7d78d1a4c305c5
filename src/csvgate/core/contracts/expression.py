"""A regular expression in; what matches whole texts by it, in a time that depends on their length alone, out.

Or why it is not judged: what looks around or back is no regular expression in the sense of XML Schema, whose patterns
those of Table Schema are ("XML Schema Part 2", appendix F), and may take for ever. What is left means what it means
to Python, whose own reader of patterns reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

# What Python's `re` itself reads patterns with; there is no other door to it.
from re import _compiler as compiler  # type: ignore[attr-defined]  # isort: skip
from re import _constants as codes  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip

from csvgate.core.contracts.automaton import START, Automaton, Takes, bits

# So many characters may be counted: `[a-z]{2,10}` counts ten.
LARGEST = 1_024
CHARACTERS = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
BEFORE = (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING)
BEHIND = (codes.AT_END, codes.AT_END_STRING)
REFUSED = {
    codes.ASSERT: "it looks ahead or behind ((?=…), (?<=…))",
    codes.ASSERT_NOT: "it looks ahead or behind ((?!…), (?<!…))",
    codes.GROUPREF: "it refers back to a group",
    codes.GROUPREF_EXISTS: "it asks for a group",
    codes.AT: "it has an anchor (^, $, \\b) in its middle; it is about the whole value anyway",
    codes.ATOMIC_GROUP: "it has an atomic group ((?>…))",
    codes.POSSESSIVE_REPEAT: "it has a possessive repetition (++, *+, ?+)",
}

Parsed = tuple[Any, Any]


class _NotJudged(ValueError):
    """The pattern cannot be judged, or not in time; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """The positions at which a part of a pattern begins and ends, and whether nothing at all is also matched by it."""

    first: int = 0
    last: int = 0
    may_be_empty: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where a part stands: under which flags of `re`, and whether anything can be before and behind it."""

    flags: int
    is_first: bool = True
    is_last: bool = True


NOTHING = _Part()


def expression(pattern: str) -> Automaton | str:
    """What matches whole texts by the pattern, as `re.fullmatch` does; or why nothing does."""
    try:
        return _Building().automaton(parser.parse(pattern))
    except re.error as exc:
        return f"is no regular expression: {exc}"
    except (RecursionError, OverflowError):
        return "is not judged: its parts stand too deep in each other, or count too far"
    except _NotJudged as exc:
        return f"is not judged: {exc}"


class _Building:
    """The positions that were found in a pattern so far, and which follow which."""

    def __init__(self) -> None:
        self._takes: list[Takes] = []
        self._following = [0]
        self._known: dict[str, Takes] = {}

    def automaton(self, parsed: Any) -> Automaton:  # noqa: ANN401  a pattern as `re` has it
        whole = self._sequence(parsed, _Place(flags=parsed.state.flags))
        self._following[0] = whole.first
        return Automaton(self._takes, self._following, whole.last | (START if whole.may_be_empty else 0))

    def _sequence(self, parsed: Iterable[Parsed], place: _Place) -> _Part:
        """Built from its end, where what follows is known."""
        items, whole = list(parsed), NOTHING
        for at, item in reversed(list(enumerate(items))):
            is_first = place.is_first and all(_is_anchor(each, BEFORE) for each in items[:at])
            is_last = place.is_last and all(_is_anchor(each, BEHIND) for each in items[at + 1 :])
            part = self._part(item, replace(place, is_first=is_first, is_last=is_last))
            whole = self._one_behind_the_other(part, whole)
        return whole

    def _part(self, item: Parsed, place: _Place) -> _Part:
        code, value = item
        if code in CHARACTERS:
            return self._character(item, place)
        if code in REPEATS:
            least, most, inner = value
            return self._repeated(least, most, inner, replace(place, is_first=False, is_last=False))
        if code is codes.BRANCH:
            return _either([self._sequence(each, place) for each in value[1]])
        if code is codes.SUBPATTERN:
            _, added, removed, inner = value
            return self._sequence(inner, replace(place, flags=(place.flags | added) & ~removed))
        if (place.is_first and _is_anchor(item, BEFORE)) or (place.is_last and _is_anchor(item, BEHIND)):
            return NOTHING
        raise _NotJudged(REFUSED.get(code, f"{code} is not known to csvgate"))

    def _character(self, item: Parsed, place: _Place) -> _Part:
        if len(self._takes) >= LARGEST:
            message = f"it counts more than {LARGEST:,} characters; minLength and maxLength count any number"
            raise _NotJudged(message)
        name = f"{place.flags} {item}"
        if name not in self._known:
            self._known[name] = _test(item, place.flags)
        self._takes.append(self._known[name])
        self._following.append(0)
        here = 1 << len(self._takes)
        return _Part(first=here, last=here, may_be_empty=False)

    def _repeated(self, least: int, most: int, inner: Sequence[Parsed], place: _Place) -> _Part:
        """`a{2,4}` is `aa(a(a)?)?`, and `a{2,}` is `aa`, the last of which follows itself."""
        is_endless = most is codes.MAXREPEAT
        whole = NOTHING
        copies = max(least, 1) if is_endless else int(most)
        for number in range(copies, 0, -1):
            part = self._sequence(inner, place)
            if not part.first:
                return NOTHING
            if is_endless and number == copies:
                self._follow(part, part)
            whole = self._one_behind_the_other(part, whole)
            if number > least:
                whole = replace(whole, may_be_empty=True)
        return whole

    def _one_behind_the_other(self, one: _Part, other: _Part) -> _Part:
        self._follow(one, other)
        return _Part(
            first=one.first | (other.first if one.may_be_empty else 0),
            last=other.last | (one.last if other.may_be_empty else 0),
            may_be_empty=one.may_be_empty and other.may_be_empty,
        )

    def _follow(self, one: _Part, other: _Part) -> None:
        for at in bits(one.last):
            self._following[at] |= other.first


def _either(parts: Sequence[_Part]) -> _Part:
    first = last = 0
    for part in parts:
        first, last = first | part.first, last | part.last
    return _Part(first=first, last=last, may_be_empty=any(part.may_be_empty for part in parts))


def _is_anchor(item: Parsed, kinds: Sequence[Any]) -> bool:
    return item[0] is codes.AT and item[1] in kinds


def _test(item: Parsed, flags: int) -> Takes:
    """What `re` itself says of one character."""
    state = parser.State()
    state.flags = flags
    alone = parser.SubPattern(state, [item])
    takes: Takes = compiler.compile(alone, flags).match
    return takes
