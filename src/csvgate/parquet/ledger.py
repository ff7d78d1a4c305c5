"""Deliveries in; what the results bucket keeps of their loads, changed by one conditional write at a time, out.

The shelf is the truth. The list that readers follow is written after it, by whoever finds that the two differ.
A delivery that is moved to another table stands there first, and then leaves the shelf on which it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from csvgate.errors import TransientError
from csvgate.load import Load
from csvgate.parquet import shelf as deciding
from csvgate.parquet.places import SHELVES, SHORT, Place, owner, pointer
from csvgate.parquet.shelf import Entry, Shelf, from_json, to_json
from csvgate.ports.objects import Document, ObjectStore

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
        self.mend(delivery_id)
        return entry.load

    def late(self, place: Place, entry: Entry) -> Load | None:
        """The answer to what was loaded before, if it would replace now what came after it."""
        if entry.generation == 1:
            return None
        _, shelf = self._shelf(self._address(place.shelf))
        return deciding.superseded(entry).load if deciding.is_late(shelf, entry) else None

    def find(self, delivery_id: str) -> Entry | None:
        """What is known of a delivery."""
        stands = self._stands(delivery_id, self._shelves_of(delivery_id))
        return stands[1] if stands else None

    def seen(self, delivery_id: str) -> tuple[str, ...]:
        """The files of the delivery that readers see, because a list names them."""
        shelves = (self._shelf(address)[1] for address in self._shelves_of(delivery_id))
        listed = (file for shelf in shelves for file in self._listed(shelf))
        return tuple(file for file in listed if owner(file) == delivery_id[:SHORT])

    def entries(self) -> Iterator[tuple[Entry, bool]]:
        """What is known of every delivery, and whether readers see it, or should; one shelf after the other."""
        for address in self._objects.documents(self._bucket, SHELVES):
            _, shelf = self._shelf(address)
            listed = {owner(file) for file in self._listed(shelf)}
            for entry in shelf.entries:
                if entry.state != "moved":
                    yield entry, entry.state == "live" or entry.delivery_id[:SHORT] in listed

    def enter(self, place: Place, entry: Entry) -> Load:
        """The entry is in, unless one as new was there before; readers see it, and the answer is what now stands."""
        if done := self.told(entry.delivery_id, entry.generation):
            return done
        address = self._address(place.shelf)
        self._announce(entry.delivery_id, address)
        empty = Shelf(live=self._address(place.live), replaces=place.replaces)
        _, after = self._change(address, partial(deciding.entered, entry=entry), empty)
        entered = after.entry(entry.delivery_id)
        if entered is None or entered.generation < entry.generation:
            return deciding.superseded(entry).load
        self.mend(entry.delivery_id)
        stands = self.find(entry.delivery_id)
        return stands.load if stands else entry.load

    def take_back(self, delivery_id: str) -> int:
        """Readers do not see the delivery any more; how many rows went."""
        self.mend(delivery_id)
        stands = self._stands(delivery_id, self._shelves_of(delivery_id))
        if stands is None:
            return 0
        before, after = self._change(stands[0], partial(deciding.taken_back, delivery_id=delivery_id))
        known = before.entry(delivery_id)
        return known.load.rows_loaded if known and before != after else 0

    def mend(self, delivery_id: str) -> None:
        """Readers see of the delivery what the ledger says, in one table: whoever was killed may have left more."""
        shelves = self._shelves_of(delivery_id)
        stands = self._stands(delivery_id, shelves)
        if stands is None:
            return
        here = shelves.index(stands[0])
        for position, address in enumerate(shelves):
            if position == here:
                self._show(address)
            else:
                self._change(address, partial(deciding.left, entry=stands[1], is_first=position < here))

    def _announce(self, delivery_id: str, address: str) -> None:
        """Whoever looks for the delivery looks on that shelf, too. No shelf is ever taken off: somebody may be slow."""
        document = self._address(pointer(delivery_id))
        for _ in range(ATTEMPTS):
            seen = self._objects.see(document)
            shelves = seen.body.decode().split() if seen else []
            named = "\n".join([*shelves, address]).encode()
            if address in shelves or self._objects.swap(document, named, TEXT, seen=seen):
                return
        raise TransientError(_busy(document))

    def _stands(self, delivery_id: str, shelves: Iterable[str]) -> tuple[str, Entry] | None:
        """The shelf on which the newest generation of a delivery stands, the first of them, and what it says."""
        found = ((address, self._shelf(address)[1].entry(delivery_id)) for address in shelves)
        standing = [(address, entry) for address, entry in found if entry and entry.state != "moved"]
        return max(standing, key=lambda each: each[1].generation, default=None)

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
        _, shelf = self._shelf(address)
        for _ in range(ATTEMPTS):
            # Looked at before the shelf, so that no older shelf is ever written over a newer one.
            seen = self._objects.see(shelf.live) if shelf.live else None
            _, shelf = self._shelf(address)
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
        seen, shelf = self._shelf(address)
        left = replace(shelf, doomed=tuple(file for file in shelf.doomed if file not in shown.doomed))
        self._objects.swap(address, to_json(left), JSON, seen=seen)

    def _shelf(self, address: str, empty: Shelf = NOTHING) -> tuple[Document | None, Shelf]:
        seen = self._objects.see(address)
        if seen is None:
            return None, empty
        shelf = from_json(seen.body)
        # One that only tells what has left it was made by somebody who does not know where its list is.
        return seen, shelf if shelf.live else replace(shelf, live=empty.live, replaces=empty.replaces)

    def _listed(self, shelf: Shelf) -> tuple[str, ...]:
        """The files that the list names which readers follow."""
        listed = self._objects.read(shelf.live) if shelf.live else None
        return tuple((listed or b"").decode().splitlines())

    def _shelves_of(self, delivery_id: str) -> tuple[str, ...]:
        """The shelves on which a delivery may stand, in the order in which they were announced."""
        return tuple((self._objects.read(self._address(pointer(delivery_id))) or b"").decode().split())

    def _address(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"


def _busy(address: str) -> str:
    return f"{address} keeps changing"
