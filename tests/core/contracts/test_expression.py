"""A pattern matches what Python's `re` matches by it, and takes no longer for hostile texts than for others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.contracts import automaton
from csvgate.core.contracts.automaton import Automaton
from csvgate.core.contracts.expression import expression

CHARACTERS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\d", r"\W", "A", "(?i:a)", "", "ä"])
REPEATS = st.sampled_from(["", "*", "+", "?", "*?", "{2}", "{0}", "{1,3}", "{2,}", "{0,2}?"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one_of_two = st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})")
    repeated = st.tuples(inner, REPEATS).map(lambda pair: f"({pair[0]}){pair[1]}")
    return one_of_two | repeated | st.tuples(inner, inner).map("".join)


PATTERNS = st.recursive(CHARACTERS, _grown, max_leaves=8)
HOSTILE = [
    (r"(a+)+$", "a" * 20_000 + "!"),
    (r"(a|a)*b", "a" * 20_000),
    (r"(x+x+)+y", "x" * 20_000),
    (r"(.*)*(.*)*(.*)*x", "y" * 20_000),
    (r"([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}", "a" * 20_000),
    ("a?" * 400 + "a" * 400, "a" * 399),
    (r".*a.{500}", "ab" * 1_000),
]


def judged(pattern: str) -> Automaton:
    """What matches by a pattern that is judged."""
    found = expression(pattern)
    assert isinstance(found, Automaton), found
    return found


@given(PATTERNS, st.text("abA1ä\n", max_size=8))
def test_it_matches_what_python_matches(pattern: str, text: str) -> None:
    assert judged(pattern).matches(text) == bool(re.fullmatch(pattern, text)), pattern


@pytest.mark.parametrize(
    ("pattern", "matched", "other"),
    [
        (r"^[A-Z]{2}-\d{4,6}$", "AB-1234", "AB-123"),
        (r"(^a|b$)", "b", "ab"),
        (r"(?i)\Astraße\Z", "STRAßE", "STRASSE"),
        (r"(?x) a  b # with blanks", "ab", "a b"),
        (r"(?s).+", "a\nb", ""),
        (r"(?P<day>\d\d)\.", "31.", "3."),
        ("", "", "a"),
        ("(){5}", "", "a"),
    ],
)
def test_anchors_flags_and_names_are_known(pattern: str, matched: str, other: str) -> None:
    assert judged(pattern).matches(matched)
    assert not judged(pattern).matches(other)


@pytest.mark.parametrize(("pattern", "text"), HOSTILE)
def test_a_hostile_value_takes_a_step_for_each_character(
    pattern: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is counted is work: `re` would be at it for years."""
    steps = 0
    step = automaton.Automaton.step

    def counted(*args: object) -> object:
        nonlocal steps
        steps += 1
        return step(*args)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(automaton.Automaton, "step", counted)
    assert not judged(pattern).matches(text)
    assert steps <= len(text)


def test_what_is_known_of_steps_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "MOST_STEPS", 10)
    texts = [f"{number:b}".translate({48: "a", 49: "b"}) for number in range(200)]
    matcher, matches = judged("[ab]*a[ab]{3}"), re.compile("[ab]*a[ab]{3}").fullmatch
    assert [matcher.matches(text) for text in texts] == [bool(matches(text)) for text in texts]
    assert len(matcher._states) <= 12


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "is no regular expression: missing ), unterminated subpattern at position 0"),
        ("(?!x).*", "is not judged: it looks ahead or behind"),
        (r"(a)\1", "is not judged: it refers back to a group"),
        ("a++", "is not judged: it has a possessive repetition"),
        (r"a\bb", "is not judged: it has an anchor (^, $, \\b) in its middle"),
        ("((a{100}){100}){100}", "is not judged: it counts more than 1,024 characters"),
        ("(" * 5_000 + ")" * 5_000, "is not judged: its parts stand too deep in each other"),
    ],
)
def test_what_could_take_for_ever_is_refused(pattern: str, why: str) -> None:
    found = expression(pattern)
    assert isinstance(found, str)
    assert found.startswith(why)
