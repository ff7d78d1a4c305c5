"""A sink of Parquet over objects in memory."""

from __future__ import annotations

from dataclasses import replace

from csvgate.memory import MemoryObjectStore
from csvgate.parquet.sink import ParquetSink
from tests.parquet.once import written_before
from tests.ports.contents import target
from tests.world import Fault

BUCKET = "results"
APPEND = target("id", "name")
REPLACE = replace(APPEND, disposition="replace")


def sink(objects: MemoryObjectStore, fault: Fault | None = None) -> ParquetSink:
    return ParquetSink(fault.around(objects) if fault else objects, BUCKET, written_before)


def listed(objects: MemoryObjectStore, prefix: str) -> list[str]:
    return list(objects.documents(BUCKET, prefix))
