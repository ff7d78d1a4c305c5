"""A field and the different texts of its column in; which of them break which rule, and in what words, out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from operator import ge, gt, le, lt

from csvgate.core.contracts.expression import expression
from csvgate.core.contracts.schema import Field, in_json
from csvgate.core.contracts.spelling import Spelling, Worth
from csvgate.core.tally import excerpt_of

# So many of the values that are allowed are told.
TOLD = 5
Breaks = Callable[[Collection[str]], Collection[str]]
# A bound, what the worth of a value must not be to it, and how that is said.
BOUNDS: tuple[tuple[str, Callable[[Worth, Worth], bool], str], ...] = (
    ("minimum", lt, "less than {}"),
    ("maximum", gt, "greater than {}"),
    ("exclusive_minimum", le, "not greater than {}"),
    ("exclusive_maximum", ge, "not less than {}"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule for the values of a field: `breaks` gives those texts that break it, `says` what is said of each."""

    name: str
    breaks: Breaks
    says: Callable[[str], str]
    code: str = "constraint-error"


def rules_of(field: Field, spelling: Spelling, promised: Spelling) -> tuple[Rule, ...]:
    """The type first: what is of another type is not asked for more; bounds are written as was `promised`."""
    typed = Rule(
        name="type",
        code="type-error",
        breaks=spelling.wrong,
        says=lambda text: f"{quoted(text)} is no {spelling.what}",
    )
    listed, bounded = _listed(field, spelling, promised), _bounded(field, spelling, promised)
    return (typed, *listed, *_matched(field), *_measured(field), *bounded)


def _listed(field: Field, spelling: Spelling, promised: Spelling) -> Iterator[Rule]:
    allowed = field.constraints.enum
    if not allowed:
        return
    worths = {promised.worth(text) for text in allowed}
    more = f" and {len(allowed) - TOLD} more" if len(allowed) > TOLD else ""
    known = f"{', '.join(allowed[:TOLD])}{more}"
    yield Rule(
        name="enum",
        breaks=lambda texts: [text for text in texts if spelling.worth(text) not in worths],
        says=lambda text: f"{quoted(text)} is none of the values that are allowed: {known}",
    )


def _matched(field: Field) -> Iterator[Rule]:
    pattern = field.constraints.pattern
    if pattern is None:
        return
    matcher = expression(pattern)
    assert not isinstance(matcher, str)  # noqa: S101  what cannot be judged is no part of a Schema
    # A pattern of XML Schema is about the whole value.
    yield Rule(
        name="pattern",
        breaks=lambda texts: [text for text in texts if not matcher.matches(text)],
        says=lambda text: f"{quoted(text)} does not match {pattern}",
    )


def _measured(field: Field) -> Iterator[Rule]:
    least, most = field.constraints.min_length, field.constraints.max_length
    if least is not None:
        yield Rule(
            name="minLength",
            breaks=lambda texts: [text for text in texts if len(text) < least],
            says=lambda text: f"{quoted(text)} has {_characters(text)}, fewer than {least}",
        )
    if most is not None:
        yield Rule(
            name="maxLength",
            breaks=lambda texts: [text for text in texts if len(text) > most],
            says=lambda text: f"{quoted(text)} has {_characters(text)}, more than {most}",
        )


def _bounded(field: Field, spelling: Spelling, promised: Spelling) -> Iterator[Rule]:
    for name, is_beyond, words in BOUNDS:
        bound: str | None = getattr(field.constraints, name)
        if bound is not None:
            yield _bound(in_json(name), is_beyond, words.format(bound), promised.worth(bound), spelling)


def _bound(name: str, is_beyond: Callable[[Worth, Worth], bool], words: str, limit: Worth, spelling: Spelling) -> Rule:
    return Rule(
        name=name,
        breaks=lambda texts: [text for text in texts if is_beyond(spelling.worth(text), limit)],
        says=lambda text: f"{quoted(text)} is {words}",
    )


def quoted(text: str) -> str:
    """A value, short enough to be part of a sentence."""
    return f"“{excerpt_of(text)}”"


def _characters(text: str) -> str:
    return "1 character" if len(text) == 1 else f"{len(text):,} characters"
