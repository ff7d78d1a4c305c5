"""Deliveries and their rows in; Parquet files that readers see, each row once, out: the Sink of `csvgate.ports`.

Files are written first, under names that nothing refers to. Then they are counted, and one conditional write to the
ledger makes them what readers see. Whoever is killed before it leaves nothing that anybody sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NoReturn

from csvgate.delivery import Delivery
from csvgate.errors import PermanentError, TransientError
from csvgate.load import Content, Load, Stored, Target
from csvgate.parquet import tables
from csvgate.parquet.footer import TAIL, length_of, row_count
from csvgate.parquet.layout import Layout, Misfit, Row
from csvgate.parquet.ledger import ATTEMPTS, JSON, Ledger
from csvgate.parquet.places import DATA, Place, names_of
from csvgate.parquet.shelf import Entry, Rank
from csvgate.parquet.tables import Plan
from csvgate.ports.objects import ObjectStore

# Rows in, files out: `csvgate.parquet.writing.parts`, whose library is loaded when there is something to write.
Parts = Callable[[Iterable[Row], Layout], Iterator[bytes]]
PARQUET = "application/vnd.apache.parquet"
# Most footers are shorter, so that one request is enough.
USUAL_FOOTER = 64 * 1024


class ParquetSink:
    """A Sink in the results bucket."""

    def __init__(self, objects: ObjectStore, bucket: str, parts: Parts) -> None:
        self._objects = objects
        self._bucket = bucket
        self._parts = parts
        self._ledger = Ledger(objects, bucket)

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        """See Sink."""
        if done := self._ledger.told(delivery.delivery_id, generation):
            return done
        place = Place.of(delivery, target)
        load = Load(
            sink="parquet",
            table=target.table,
            rows_loaded=content.row_count,
            rows_quarantined=content.rows_quarantined,
            verified=True,
        )
        entry = Entry(delivery_id=delivery.delivery_id, generation=generation, rank=Rank.of(delivery), load=load)
        if late := self._ledger.late(place, entry):
            return late
        files = self._filled(place, target, content, generation)
        return self._ledger.enter(place, replace(entry, files=files))

    def undo(self, delivery_id: str) -> int:
        """See Sink."""
        return self._ledger.take_back(delivery_id)

    def count(self, delivery_id: str) -> int:
        """See Sink."""
        return sum(map(self._counted, self._ledger.seen(delivery_id)))

    def generation(self, delivery_id: str) -> int:
        """See Sink."""
        entry = self._ledger.find(delivery_id)
        return entry.generation if entry else 0

    def loads(self) -> Iterator[Stored]:
        """See Sink."""
        for entry, is_seen in self._ledger.entries():
            yield Stored(delivery_id=entry.delivery_id, generation=entry.generation, load=entry.load, is_seen=is_seen)

    def mend(self, delivery_id: str) -> bool:
        """See Sink. A list is behind where somebody was killed, or it was changed by hand."""
        before = self._ledger.seen(delivery_id)
        self._ledger.mend(delivery_id)
        return self._ledger.seen(delivery_id) != before

    def forget(self, delivery_id: str) -> int:
        """See Sink. Files that no list names are found by their names, in all tables."""
        removed = self._ledger.take_back(delivery_id)
        self._objects.erase_documents(self._bucket, DATA, names_of(delivery_id))
        return removed

    def _filled(self, place: Place, target: Target, content: Content, generation: int) -> tuple[str, ...]:
        """The files with all the rows, and a table that has their columns."""
        address = f"s3://{self._bucket}/{place.columns}"
        for _ in range(ATTEMPTS):
            seen = self._objects.see(address)
            known = tables.from_json(seen.body) if seen else None
            plan, files = self._written(place, tables.plan(known, target), content, generation)
            if plan.table == known or self._objects.swap(address, tables.to_json(plan.table), JSON, seen=seen):
                return files
            # Others added columns: they may be ours, and hold something else.
        message = f"{address} keeps changing"
        raise TransientError(message)

    def _written(self, place: Place, plan: Plan, content: Content, generation: int) -> tuple[Plan, tuple[str, ...]]:
        """The files with all the rows, and the plan by which they hold them without changing a value."""
        layout = Layout(columns=plan.own, is_list=plan.table.shape == "rows", delivery_id=place.delivery_id)
        files: list[str] = []
        try:
            for number, body in enumerate(self._parts(content.rows(), layout), start=1):
                files.append(self._objects.write(self._bucket, place.part(generation, number, body), body, PARQUET))
        except Misfit as misfit:
            self._remove(files)
            return self._written(place, tables.widened(plan, misfit.positions), content, generation)
        counted = sum(map(self._counted, files))
        if counted != content.row_count:
            self._remove(files)
            _refuse(f"{counted:,} rows are in the sink, and {content.row_count:,} were to be loaded")
        return plan, tuple(files)

    def _remove(self, files: Iterable[str]) -> None:
        """Files that no load of these rows can ever refer to are gone."""
        for file in files:
            self._objects.remove(file)

    def _counted(self, file: str) -> int:
        """How many rows the file has, as its own footer says."""
        end = self._end_of(file, USUAL_FOOTER)
        length = length_of(end[-TAIL:])
        return row_count(end if length <= len(end) else self._end_of(file, length))

    def _end_of(self, file: str, size: int) -> bytes:
        end = self._objects.read(file, last=size)
        if end is None:
            message = f"{file} is not there any more"
            raise TransientError(message)
        return end


def _refuse(message: str) -> NoReturn:
    raise PermanentError(message)
