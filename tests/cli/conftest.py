"""Receipts as data, and a terminal that writes down what it was sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console, RenderableType

from csvgate.cli.console import Advance
from csvgate.cli.session import Session
from csvgate.memory import EPOCH, MemoryCatalog, MemoryObjectStore, MemoryQueue
from csvgate.pipeline import inspect_delivery, record_delivery
from csvgate.ports import Arrival, Ports
from tests.cli.receipts import Receipts, column


@pytest.fixture
def receipt() -> Receipts:
    """Makes the receipt of a clean file, but for the parts given."""

    def make(**parts: object) -> dict[str, Any]:
        ledger = {"total": 500, "header": 20, "records": 480, "complete": True}
        dialect = {"encoding": "utf-8", "delimiter": ",", "quoteChar": '"', "header": True, "skipRows": 0}
        return {
            "receipt_version": 1,
            "filename": "orders.csv",
            "file_size_bytes": 500,
            "sha256": "3c" * 32,
            "row_count": 60,
            "column_count": 1,
            "column_names": ["id"],
            "verdict": "ok",
            "dialect": {**dialect, "lineTerminators": ["\n"]},
            "columns": [column()],
            "findings": [],
            "bytes": ledger,
            **parts,
        }

    return make


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

    return Session(bucket="in", ports=ports, upload=upload, logs=lambda _since: iter(()), enqueue=lambda _arrival: None)
