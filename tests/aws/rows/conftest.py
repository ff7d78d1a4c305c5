"""A table of DynamoDB for each test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from csvgate.aws.rows import sink as rows_sink
from csvgate.aws.rows import state as rows_state
from csvgate.local.emulator import Emulator
from tests.aws.provision import dynamodb_at, make_rows_table
from tests.aws.rows.desk import CHECKPOINT, Desk


@pytest.fixture
def open_desk(emulator: Emulator) -> Callable[[], Desk]:
    client = dynamodb_at(emulator.endpoint_url)
    return lambda: Desk(client=client, table=make_rows_table(client))


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    return open_desk()


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file takes all the steps of a large one."""
    monkeypatch.setattr(rows_sink, "CHECKPOINT_ROWS", CHECKPOINT)
    monkeypatch.setattr(rows_state, "ROWS_OF_A_SHARD", 30)
