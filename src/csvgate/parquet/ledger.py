"""Deliveries in; what the results bucket keeps of their loads, changed by one conditional write at a time, out.

The shelf is the truth. The list that readers follow is written after it, by whoever finds that the two differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from csvgate.errors import TransientError
from csvgate.load import Load
from csvgate.parquet import shelf as deciding
from csvgate.parquet.places import SHELVES, Place, pointer
from csvgate.parquet.shelf import Entry, Shelf, from_json, to_json
from csvgate.ports import Document, ObjectStore

# How often others may be faster; each time, one of them has done its work.
ATTEMPTS = 100
JSON, TEXT = "application/json", "text/plain"
NOTHING = Shelf(live="", replaces=False)


class Ledger:
    """The ledger in one bucket."""

    def __init__(self, objects: ObjectStore, bucket: str) -> None:
        self._objects = objects
        self._bucket = bucket

    def told(self, delivery_id: str, generation: int) -> Load | None:
        """The first answer, if there is one; readers see what it says."""
        entry = self.find(delivery_id)
        if entry is None or entry.generation < generation:
            return None
        self._show(self._shelf_of(delivery_id))
        return entry.load

    def find(self, delivery_id: str) -> Entry | None:
        """What is known of a delivery."""
        _, shelf = self._shelf(self._shelf_of(delivery_id), NOTHING)
        return shelf.entry(delivery_id)

    def entries(self) -> Iterator[Entry]:
        """What is known of every delivery, the parts of the ledger one after the other."""
        for address in self._objects.documents(self._bucket, SHELVES):
            _, shelf = self._shelf(address, NOTHING)
            yield from shelf.entries

    def enter(self, place: Place, entry: Entry) -> Load:
        """The entry is in, unless one as new was there before; readers see it, and the answer is what now stands."""
        address, before = self._address(place.shelf), self._shelf_of(entry.delivery_id)
        if before and before != address:
            self._change(before, partial(deciding.without, delivery_id=entry.delivery_id))
        if before != address:
            self._objects.write(self._bucket, pointer(entry.delivery_id), address.encode(), TEXT)
        empty = Shelf(live=self._address(place.live), replaces=place.replaces)
        _, after = self._change(address, partial(deciding.entered, entry=entry), empty)
        entered = after.entry(entry.delivery_id)
        return entered.load if entered else entry.load

    def take_back(self, delivery_id: str) -> int:
        """Readers do not see the delivery any more; how many rows went."""
        address = self._shelf_of(delivery_id)
        if not address:
            return 0
        before, after = self._change(address, partial(deciding.taken_back, delivery_id=delivery_id))
        known = before.entry(delivery_id)
        return known.load.rows_loaded if known and before != after else 0

    def _change(self, address: str, decide: Callable[[Shelf], Shelf], empty: Shelf = NOTHING) -> tuple[Shelf, Shelf]:
        """The shelf as it was and as it was decided to be; readers see it."""
        for _ in range(ATTEMPTS):
            seen, before = self._shelf(address, empty)
            after = decide(before)
            if after == before or self._objects.swap(address, to_json(after), JSON, seen=seen):
                self._show(address)
                return before, after
        raise TransientError(_busy(address))

    def _show(self, address: str) -> None:
        """The list that readers follow says what the shelf says, and what nobody sees any more is gone."""
        _, shelf = self._shelf(address, NOTHING)
        for _ in range(ATTEMPTS):
            # Looked at before the shelf, so that no older shelf is ever written over a newer one.
            seen = self._objects.see(shelf.live) if shelf.live else None
            _, shelf = self._shelf(address, NOTHING)
            files = "".join(f"{file}\n" for file in shelf.files).encode()
            if (seen.body if seen else b"") == files:
                return self._clear(address, shelf)
            self._objects.swap(shelf.live, files, TEXT, seen=seen)
        raise TransientError(_busy(shelf.live))

    def _clear(self, address: str, shown: Shelf) -> None:
        """What was doomed is gone, and the shelf says so; if it is another one by now, the next call says it."""
        if not shown.doomed:
            return
        for file in shown.doomed:
            self._objects.remove(file)
        seen, shelf = self._shelf(address, NOTHING)
        left = replace(shelf, doomed=tuple(file for file in shelf.doomed if file not in shown.doomed))
        self._objects.swap(address, to_json(left), JSON, seen=seen)

    def _shelf(self, address: str, empty: Shelf) -> tuple[Document | None, Shelf]:
        seen = self._objects.see(address) if address else None
        return seen, from_json(seen.body) if seen else empty

    def _shelf_of(self, delivery_id: str) -> str:
        """The shelf on which a delivery stands, or is about to; empty if there is none."""
        return (self._objects.read(self._address(pointer(delivery_id))) or b"").decode()

    def _address(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"


def _busy(address: str) -> str:
    return f"{address} keeps changing"
