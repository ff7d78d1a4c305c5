"""Values as source code are read back as the same values."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.calls.source import filled, identifier, python, several, sql


@given(st.text() | st.none())
def test_a_python_string_evaluates_to_itself(value: str | None) -> None:
    assert ast.literal_eval(python(value)) == value


def test_sql_doubles_quotes() -> None:
    assert (sql("it's"), identifier('a"b')) == ("'it''s'", '"a""b"')


def test_short_lists_are_one_line_and_long_ones_one_to_a_line() -> None:
    assert several("[", ["1", "2"], "]") == "[1, 2]"
    assert several("[", ["x" * 60, "y" * 60], "]", indent=0, last=",") == f"[\n    {'x' * 60},\n    {'y' * 60},\n]"


def test_words_fill_lines() -> None:
    lines = filled("[", ["'word'"] * 30, "]", indent=0).splitlines()
    assert max(map(len, lines)) <= 88
    assert len(lines) == 3
