"""Each rule holds up to its bound and breaks behind it, and says what it wants."""

from __future__ import annotations

from typing import Any

import pytest

from csvgate.core.contracts.rules import Rule, rules_of
from csvgate.core.contracts.schema import Constraints, Field
from csvgate.core.contracts.spelling import Spelling, spelling_of


def rule_of(kind: Any, **constraints: Any) -> Rule:  # noqa: ANN401
    """The only rule beside the type."""
    field = Field(name="x", type=kind, constraints=Constraints(**constraints))
    spelling = spelling_of(field)
    assert isinstance(spelling, Spelling)
    (_typed, rule) = rules_of(field, spelling, spelling)
    return rule


@pytest.mark.parametrize(
    ("kind", "constraints", "keeps", "breaks", "says"),
    [
        ("integer", {"minimum": "18"}, "18", "17", "“17” is less than 18"),
        ("integer", {"maximum": "18"}, "18", "19", "“19” is greater than 18"),
        ("number", {"exclusive_minimum": "0"}, "0.01", "0.00", "“0.00” is not greater than 0"),
        ("number", {"exclusive_maximum": "1e3"}, "999.99", "1000", "“1000” is not less than 1e3"),
        ("date", {"minimum": "2024-02-29"}, "2024-02-29", "2024-02-28", "“2024-02-28” is less than 2024-02-29"),
        ("string", {"min_length": 2}, "ab", "a", "“a” has 1 character, fewer than 2"),
        ("string", {"max_length": 2}, "äö", "abc", "“abc” has 3 characters, more than 2"),
        ("string", {"pattern": "[a-z]+"}, "abc", "abc1", "“abc1” does not match [a-z]+"),
        ("string", {"enum": ("a", "b")}, "b", "B", "“B” is none of the values that are allowed: a, b"),
        ("number", {"enum": ("1.0",)}, "1.00", "1.01", "“1.01” is none of the values that are allowed: 1.0"),
        ("string", {"enum": tuple("abcdefg")}, "g", "h", "are allowed: a, b, c, d, e and 2 more"),
    ],
)
def test_a_rule_holds_up_to_its_bound(
    kind: str, constraints: dict[str, Any], keeps: str, breaks: str, says: str
) -> None:
    rule = rule_of(kind, **constraints)
    assert list(rule.breaks([keeps, breaks])) == [breaks]
    assert says in rule.says(breaks)


def test_a_value_of_another_type_is_asked_for_no_more() -> None:
    field = Field(name="x", type="integer", constraints=Constraints(minimum="1"))
    spelling = spelling_of(field)
    assert isinstance(spelling, Spelling)
    typed, _ = rules_of(field, spelling, spelling)
    assert (list(typed.breaks(["x", "0"])), typed.says("x")) == (["x"], "“x” is no integer")
