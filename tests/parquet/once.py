"""Rows in, files out as `parts` writes them, and what readers see of them: the same ones are written and read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from csvgate.load import Target
from csvgate.parquet.layout import Layout, Row
from csvgate.parquet.writing import parts
from csvgate.ports.objects import ObjectStore
from tests.parquet import reading

READ: dict[tuple[str, ...], int] = {}


def written_before(rows: Iterable[Row], layout: Layout) -> Iterator[bytes]:
    """As `parts`; the same rows are written once, as the tests load some of them hundreds of times."""
    held = tuple((number, tuple(cells)) for number, cells in rows)
    return parts(held, layout) if len(held) > 2 else iter(_written(held, layout))


@cache
def _written(rows: tuple[Row, ...], layout: Layout) -> tuple[bytes, ...]:
    return tuple(parts(rows, layout))


def seen(objects: ObjectStore, bucket: str, into: Target) -> int:
    """How many rows of the table readers see; the same files are read once, as they never change."""
    lists = objects.documents(bucket, f"live/feed={into.table}/")
    live = tuple((objects.read(address) or b"").decode() for address in lists)
    if live not in READ:
        READ[live] = len(reading.seen(objects, bucket, into))
    return READ[live]
