"""Many records with quotes where none belong are read as each of them is alone."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.dialect import Dialect
from csvgate.core.structure.scan import Scanner
from csvgate.core.text.encoding import Encoding
from tests.core.test_laws import narrow

DIALECTS = [
    Dialect(),
    Dialect(escape_char="\\"),
    Dialect(escape_char="\\", double_quote=False),
    Dialect(double_quote=False),
    Dialect(delimiter="||", skip_initial_space=True),
    Dialect(comment_prefix="#"),
]
PIECES = ['"', '""', ",", "||", "\n", "\r\n", "\r\r\n", "a", " ", "\\", "#", 'b" c']
Seen = tuple[list[list[str]], Sequence[tuple[str, int, int]]]


def seen(scanner: type[Scanner], data: str, dialect: Dialect) -> Seen:
    """All rows, and of each stray quote its code, byte and column."""
    batches = list(scanner(io.BytesIO(data.encode()), dialect, Encoding(name="utf-8"), width=2).batches())
    faults = [(fault.code, batch.offset_at(fault.at), fault.column) for batch in batches for fault in batch.faults]
    return [row for batch in batches for row in batch.rows], faults


@pytest.mark.parametrize("dialect", DIALECTS)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_records_are_the_same_together_and_alone(dialect: Dialect, data: str) -> None:
    assert seen(Scanner, data, dialect) == seen(narrow(1), data, dialect)


def test_each_stray_quote_has_its_place() -> None:
    rows, faults = seen(Scanner, 'a,b\n1,5" x\n"2" y,b\n3,"a "b" c"\n', Dialect())
    assert rows == [["a", "b"], ["1", '5" x'], ['"2" y', "b"], ["3", 'a "b" c']]
    assert faults == [("stray-quote", 7, 1), ("stray-quote", 13, 0), ("stray-quote", 24, 1)]
