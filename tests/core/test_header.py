"""Whether the first record is a header, and how sure that is."""

from __future__ import annotations

import pytest

from csvgate.core.header import HeaderJudgement, judge_header, kind_of


@pytest.mark.parametrize(
    ("lines", "judgement"),
    [
        (["id,name", "1,a", "2,b"], "sure"),
        (["1,2.5,x", "2,3.5,y"], "absent"),
        (["Anna,Berlin", "Bob,Paris"], "unsure"),
        (["name,city", "Anna,Berlin"], "sure"),
        (["Vorname,Ort", "Anna,Berlin"], "sure"),
        (["first_thing,second_thing", "a,b"], "sure"),
        (["a,b", "a,c", "d,b"], "unsure"),
        (["country,2019,2020,2021", "DE,1,2,3"], "sure"),
        (["2024-01-01,5", "2024-01-02,6"], "absent"),
        (["1,2,3"], "absent"),
        (["id,name"], "sure"),
        (["x,1", "y,2", "z,3"], "absent"),
        (["id,1", "5,2", "6,3"], "unsure"),
    ],
)
def test_types_decide_and_doubt_is_said(lines: list[str], judgement: HeaderJudgement) -> None:
    assert judge_header([line.split(",") for line in lines]) == judgement


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", ""),
        ("  ", ""),
        ("12", "number"),
        ("-1.5e3", "number"),
        ("1.234,56", "number"),
        ("2024-02-30", "date"),
        ("31.12.2024", "date"),
        ("10:30", "time"),
        ("TRUE", "boolean"),
        ("a@example.org", "code"),
        ("12 Main St", "text"),
        ("٣", "text"),
        ("1" * 500, "text"),
    ],
)
def test_kinds_at_a_glance(cell: str, kind: str) -> None:
    assert kind_of(cell) == kind
