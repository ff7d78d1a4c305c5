"""Right values that a typed table of PostgreSQL would change, or not take, are found before it sees them."""

from __future__ import annotations

import pytest

from csvgate.core.contracts.contract import Contract, OnViolation
from csvgate.core.contracts.feed import Feed
from csvgate.core.contracts.judge import Cells
from csvgate.core.contracts.judging import Judging
from csvgate.core.contracts.schema import Constraints, Field, Schema
from csvgate.core.contracts.storage import ANYWHERE, Storage, storage_of
from csvgate.core.inspection import inspect
from tests.strategies import whole

TABLE = storage_of(
    Feed(name="f", key="*", sink="postgresql", shape="typed", contract=Contract(schema=Schema(fields=())))
)


def judged(field: Field, *values: str, storage: Storage = TABLE, policy: OnViolation = "quarantine") -> Judging:
    """The values, one in each row, judged to their end."""
    data = "\n".join(["id;x", *(f"{number};{value}" for number, value in enumerate(values))]).encode()
    schema = Schema(fields=(Field(name="id"), field))
    return Judging(whole(data), inspect(whole(data)), Contract(schema=schema, on_violation=policy), storage=storage)


def accepted(judging: Judging) -> list[Cells]:
    """The rows that go on."""
    return [cells for piece in judging.pieces() for _, cells in judging.accepted(piece)]


@pytest.mark.parametrize(
    ("field", "held", "beyond"),
    [
        (Field(name="x", type="datetime"), "2024-01-01T00:00:00.123456000", "2024-01-01T00:00:00.1234567"),
        (Field(name="x", type="datetime"), "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.0000001Z"),
        (Field(name="x", type="datetime"), "2024-01-01T00:00:00-15:59", "2024-01-01T00:00:00+16:00"),
        (Field(name="x", type="datetime"), "2024-01-01T00:00:00-1559", "2024-01-01T00:00:00-23"),
        (Field(name="x", type="datetime", format="%d.%m.%Y %H:%M %z"), "1.1.2024 9:00 +053015", "1.1.2024 9:00 +2300"),
        (Field(name="x", type="time"), "23:59:59.999999", "23:59:59.9999999"),
        (Field(name="x", type="number"), f"0.{'1' * 16_383}", f"0.{'1' * 16_384}"),
        (Field(name="x", type="number"), f"{'1' * 131_072}.0", f"{'1' * 131_073}.0"),
        (Field(name="x", type="number"), "1e-300", f"0.{'1' * 16_000}e-400"),
        (Field(name="x", type="integer", group_char=","), "9,223,372,036,854,775,807", "9,223,372,036,854,775,808"),
    ],
)
def test_a_value_that_the_table_does_not_hold_costs_its_row_and_no_other(field: Field, held: str, beyond: str) -> None:
    judging = judged(field, held, beyond, held)
    assert len(accepted(judging)) == 2
    assert ("the table" in judging.judgement().findings[0].message, judging.shown[1].is_beyond) == (True, True)
    assert len(accepted(judged(field, held, beyond, storage=ANYWHERE))) == 2


def test_where_nothing_was_promised_such_a_column_is_told_and_every_row_goes_on() -> None:
    feed = Feed(name="f", key="*", sink="postgresql", shape="typed")
    judging = judged(Field(name="x", type="time"), "10:00", "10:00:00.0000001", storage=storage_of(feed))
    assert (len(accepted(judging)), judging.shown[1].is_beyond) == (2, True)


def test_a_key_that_is_too_long_for_an_index_costs_its_row() -> None:
    feed = Feed(name="f", key="*", sink="postgresql", shape="typed", disposition="merge", keys=("id", "x"))
    judging = judged(Field(name="x"), "é" * 650, "é" * 651, storage=storage_of(feed))
    assert len(accepted(judging)) == 1
    assert "longer than the 1,300 bytes that a key of the table may have" in judging.judgement().findings[0].message


@pytest.mark.parametrize("kind", ["parquet", "dynamodb", "none"])
def test_other_places_have_rules_of_their_own(kind: str) -> None:
    assert storage_of(Feed(name="f", key="*", sink=kind, shape="typed")) is ANYWHERE  # type: ignore[arg-type]


def test_times_are_compared_and_told_apart_beyond_microseconds() -> None:
    field = Field(name="x", type="time", constraints=Constraints(unique=True, maximum="12:00:00"))
    judging = judged(
        field, "11:00:00.0000001", "11:00:00.0000002", "12:00:00.0000009", "11:00:00.00000010", storage=ANYWHERE
    )
    assert [cells[0] for cells in accepted(judging)] == ["0", "1"]


def test_numbers_are_told_apart_by_every_digit() -> None:
    long = f"0.{'1' * 5_000}"
    field = Field(name="x", type="number", constraints=Constraints(unique=True))
    judging = judged(field, f"{long}1", f"{long}2", f"{long}20", "0", "-0.0", "1e2", "100", storage=ANYWHERE)
    assert [cells[0] for cells in accepted(judging)] == ["0", "1", "3", "5"]
