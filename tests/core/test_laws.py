"""What holds of the inspection of any file: round trip, cuts, ledger, merging."""

from __future__ import annotations

from hypothesis import given

from csvgate.core.canonical import Canonical, Style
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import Inspection, inspect
from tests.strategies import all_dialects, sparing_dialects, tables, typed_tables, whole, write, write_sparingly


def canonical(data: bytes, found: Inspection) -> str:
    """The table as canonical CSV, records of any width among them."""
    return "".join(piece.text for piece in Canonical(whole(data), found, Style(ragged="keep")).pieces())


@given(tables(), all_dialects)
def test_a_table_is_the_same_in_whatever_dialect_it_was_written(table: list[list[str]], dialect: Dialect) -> None:
    if dialect.escape_char:  # without an escaped quote, a backslash may as well stand for itself
        table = [[cell.replace("\\", "") for cell in row] for row in table]
    data, plain = write(table, dialect), write_sparingly(table, Dialect())
    assert canonical(data, inspect(whole(data))) == plain.decode()


@given(typed_tables(), sparing_dialects)
def test_a_table_with_quotes_only_where_they_are_needed_is_read_back_with_its_types(
    typed: tuple[list[str], list[list[str]]], dialect: Dialect
) -> None:
    types, table = typed
    found = inspect(whole(data := write_sparingly(table, dialect)))
    assert canonical(data, found) == write_sparingly(table, Dialect()).decode()
    assert (found.dialect.delimiter, found.dialect.quote_char) == (dialect.delimiter, '"')
    assert found.dialect.line_terminators == dialect.line_terminators
    assert found.dialect.encoding.startswith(dialect.encoding.removesuffix("-sig"))
    assert [column.type for column in found.columns] == types
    assert [finding.code for finding in found.findings if finding.severity != "info"] == []
