"""Receipts as data, and a terminal that writes down what it was sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console, RenderableType

from csvgate.cli.console import Advance
from csvgate.cli.session import Session
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Arrival
from csvgate.memory import EPOCH, MemoryCatalog, MemoryObjectStore, MemoryQueue
from csvgate.pipeline.story import inspect_delivery, record_delivery
from csvgate.ports import Ports
from tests.receipts import Receipts, receipt_of
from tests.world import BUCKET, CLEAN, World


@pytest.fixture
def receipt() -> Receipts:
    """Makes the receipt of a clean file, but for the parts given."""
    return receipt_of


@pytest.fixture
def on_terminal() -> Callable[..., str]:
    """What a terminal of that width is sent for something to show."""

    def render(shown: RenderableType, width: int = 80, *, colour: bool = False) -> str:
        console = Console(
            file=io.StringIO(),
            width=width,
            force_terminal=True,
            no_color=not colour,
            markup=False,
            emoji=False,
            highlight=False,
        )
        console.print(shown)
        written: str = console.file.getvalue()  # type: ignore[attr-defined]
        return written

    return render


@pytest.fixture
def shell() -> CliRunner:
    """Runs commands as in a pipe."""
    return CliRunner()


@pytest.fixture
def session() -> Session:
    """A stack in memory in which every upload goes through the whole pipeline at once."""
    objects, catalog = MemoryObjectStore(), MemoryCatalog()
    ports = Ports(
        objects=objects,
        inspected=MemoryQueue(),
        catalog=catalog,
        view=catalog,
        results_bucket="results",
        clock=lambda: EPOCH,
        owner="test",
        lease=timedelta(minutes=1),
    )

    def upload(path: Path, bucket: str, key: str, advance: Advance) -> Arrival:
        arrival = objects.put(bucket, key, path.read_bytes())
        record_delivery(inspect_delivery(arrival, ports), ports)
        advance(path.stat().st_size)
        return arrival

    return Session(
        bucket="in",
        ports=ports,
        upload=upload,
        logs=lambda _since: iter(()),
        enqueue=lambda _arrival: None,
        words=catalog.outbox,
    )


@pytest.fixture
def world() -> World:
    """Two rows of one delivery are in a sink."""
    world = World(feeds=Feeds((Feed(name="people", key="**", sink="postgresql"),)))
    world.finish(world.objects.put(BUCKET, "a.csv", CLEAN))
    return world
