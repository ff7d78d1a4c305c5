"""The contract that a file gives is one that it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.descriptor import schema_of
from csvgate.core.contracts.infer import infer, look
from csvgate.core.contracts.judging import Judging
from csvgate.core.contracts.schema import Schema
from csvgate.core.dialect import Dialect
from csvgate.core.inspection import inspect
from csvgate.core.rows import RowReader
from tests.strategies import nasty_bytes, typed_tables, whole, write

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*.csv"))
READABLE = [path for path in GOLDEN if inspect(whole(path.read_bytes())).verdict != "rejected"]
# These break any contract.
OF_ANY = {"extra-cell", "missing-cell", "encoding-error", "nul-byte"}


def inferred(data: bytes, *, with_look: bool = True) -> Schema:
    """The contract of a file, after a second look at its cells or without."""
    source = whole(data)
    found = inspect(source)
    if not with_look:
        return infer(found)
    return infer(found, look(RowReader(source, found).batches(), found.column_count))


def breaches(data: bytes, schema: Schema) -> set[str]:
    """What the file breaks of the contract."""
    source = whole(data)
    judging = Judging(source, inspect(source), Contract(schema=schema))
    assert sum(len(piece.rows) for piece in judging.pieces()) == inspect(source).row_count
    return {breach.code for breach in judging.judgement().breaches}


def keeps_its_own(data: bytes) -> bool:
    """Whether a file keeps the contract that it gives, looked at or not, and after JSON."""
    schemas = [inferred(data), inferred(data, with_look=False)]
    assert [schema_of(schema.to_json()) for schema in schemas] == schemas
    return all(breaches(data, schema) <= OF_ANY for schema in schemas)


@given(nasty_bytes)
def test_any_file_keeps_its_own_contract(data: bytes) -> None:
    if inspect(whole(data)).verdict != "rejected":
        assert keeps_its_own(data)


@given(typed_tables())
def test_a_table_of_typed_columns_keeps_its_own_contract(drawn: tuple[list[str], list[list[str]]]) -> None:
    assert keeps_its_own(write(drawn[1], Dialect()))


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_a_nasty_file_keeps_its_own_contract(path: Path) -> None:
    assert keeps_its_own(path.read_bytes())


def test_types_formats_and_what_is_never_empty_are_promised() -> None:
    data = b"id;mail;sum;day;ok;note\n7;a@b.ch;1.234,50;31.12.2024;yes;x\n8;NA;2,5;01.02.2024;no;\n"
    assert [field.to_json() for field in inferred(data).fields] == [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "mail", "type": "string", "format": "email", "missingValues": ["", "NA"]},
        {"name": "sum", "type": "number", "decimalChar": ",", "groupChar": ".", "constraints": {"required": True}},
        {"name": "day", "type": "date", "format": "%d.%m.%Y", "constraints": {"required": True}},
        {
            "name": "ok",
            "type": "boolean",
            "trueValues": ["yes", "Yes", "YES"],
            "falseValues": ["no", "No", "NO"],
            "constraints": {"required": True},
        },
        {"name": "note", "type": "string"},
    ]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"id,name\n1,Anna\n2,Bob\n", ("id",)),
        (b"name,order_id\nAnna,1\nAnna,2\n", ("order_id",)),
        (b"a,b\n1,x\n1,y\n", ()),
        (b"id,name\n1,Anna\n", ()),
        (b"id,name\n5,Anna\n+5,Bob\n", ()),
        (b"id,name\n1,Anna\n,Bob\n", ()),
        (b"id,id\n1,3\n2,4\n", ()),
        (b"id,name\nNA,Anna\na@b.ch,Bob\nc@d.ch,Joan\n", ()),
    ],
)
def test_the_key_is_a_column_that_is_called_so_and_proved_to_be_one(data: bytes, key: tuple[str, ...]) -> None:
    assert inferred(data).primary_key == key


def test_a_word_for_no_value_that_stands_once_makes_no_key() -> None:
    assert keeps_its_own(b"id,name\nNA,Anna\na@b.ch,Bob\nc@d.ch,Joan\n")


def test_another_file_may_break_it() -> None:
    schema = inferred(b"id,day\n1,2024-12-31\n2,2025-01-01\n")
    assert breaches(b"id,day\n1,2024-12-31\n1,\nx,01.01.2025\n", schema) == {
        "primary-key",
        "constraint-error",
        "type-error",
    }
