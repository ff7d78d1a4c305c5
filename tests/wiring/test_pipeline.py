"""The settings choose where deliveries are recorded, and everything that speaks of them goes there."""

from __future__ import annotations

from pathlib import Path

import pytest

from csvgate import wiring
from csvgate.settings import Settings, load

NOBODY_LISTENS = "postgresql://csvgate@127.0.0.1:9/csvgate"


def settings(directory: Path, **known: str) -> Settings:
    """Settings of a stack that nothing has to answer for."""
    return load({"AWS_ENDPOINT_URL": "http://127.0.0.1:9", **known}, directory)


@pytest.mark.parametrize(
    ("known", "catalog", "outbox"),
    [
        ({}, "DynamoDbCatalog", "DynamoDbOutbox"),
        ({"DATABASE_URL": NOBODY_LISTENS}, "PostgresCatalog", "PostgresOutbox"),
        ({"DATABASE_URL": NOBODY_LISTENS, "CSVGATE_CATALOG": "dynamodb"}, "DynamoDbCatalog", "DynamoDbOutbox"),
    ],
)
def test_catalog_and_outbox_are_of_one_kind(tmp_path: Path, known: dict[str, str], catalog: str, outbox: str) -> None:
    chosen = settings(tmp_path, **known)
    ports = wiring.ports(chosen)
    assert {type(ports.catalog).__name__, type(ports.view).__name__} == {catalog}
    assert type(wiring.relay(chosen).outbox).__name__ == outbox
