"""Names and values with characters that nobody sees are told, with their places."""

from __future__ import annotations

import pytest

from csvgate.core.findings import Finding
from csvgate.core.inspection import inspect
from tests.strategies import whole


def unseen(text: str, encoding: str = "utf-8") -> Finding | None:
    """The finding, if there is one."""
    findings = inspect(whole(text.encode(encoding))).findings
    return next((found for found in findings if found.code == "invisible-character"), None)


def test_a_second_byte_order_mark_is_a_part_of_the_name_and_told() -> None:
    text = "\ufeff\ufeffid,name\n1,Anna\n"
    found = unseen(text)
    assert found is not None
    assert (found.severity, found.first[0].excerpt, found.first[0].record) == ("warning", "\ufeffid", 0)
    assert inspect(whole(text.encode())).column_names == ("\ufeffid", "name")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_value_is_told_with_its_place(encoding: str) -> None:
    found = unseen('id,name\n1,"A, B"\n\n2,A\n3\u200b,C\n', encoding)
    assert found is not None
    (place,) = found.first
    assert (found.count, place.record, place.line, place.column, place.excerpt) == (1, 3, 5, 1, "3\u200b")


def test_it_is_a_warning_where_the_value_would_be_compared() -> None:
    soft, hard = unseen("id,name\n1,Donau\u00addampf\n"), unseen("id,name\n1,Donau\u00addampf\n2,K\u00ad7\n")
    assert soft is not None
    assert hard is not None
    assert (soft.severity, hard.severity) == ("info", "warning")


def test_what_is_no_value_is_not_told() -> None:
    """Neither is a no-break space between words."""
    assert unseen("# 1\u200b\nid,name\n1,La\u00a0Paz\n") is None


def test_many_are_counted_and_the_first_have_places() -> None:
    found = unseen("id,name\n" + "1\u200b,Anna\n" * 300)
    assert found is not None
    assert (found.count, len(found.first)) == (300, 100)
