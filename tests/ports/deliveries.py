"""Arrivals and deliveries as the suites of catalogs record them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from csvgate.delivery import Arrival, Delivery
from csvgate.load import Load
from csvgate.ports.catalog import Standing

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
BY_SEQUENCER = Standing(how="by-sequencer")
OLDER = Standing(how="older")
LOAD = Load(sink="postgresql", table="sales", rows_loaded=3, rows_quarantined=0, verified=True)


def latest(seen: Delivery | None) -> Standing:
    return Standing(how="latest", seen=seen.delivery_id if seen else None)


def arrived(version: str = "v1", sequencer: str | None = "0A", **facts: Any) -> Arrival:  # noqa: ANN401  # any fact
    usual = {"bucket": "test-bucket", "key": "in/é +%\N{GRINNING FACE}.csv", "etag": "e", "size": 12, "time": NOON}
    return Arrival(**{**usual, "version_id": version, "sequencer": sequencer, **facts})


def recorded(arrival: Arrival, **facts: Any) -> Delivery:  # noqa: ANN401  # any fact
    delivery = Delivery.of(arrival, "recorded", at=arrival.time or NOON)
    return replace(delivery, **{"verdict": "ok", "row_count": 3, "column_count": 2, "sha256": "ff" * 32, **facts})


def deleted(arrival: Arrival) -> Delivery:
    return Delivery.of(arrival, "deleted", at=NOON)
