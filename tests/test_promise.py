"""What we promise, whatever happens and in whatever order: every version that was uploaded has one receipt in the end.

Hypothesis uploads, overwrites, deletes, repeats, shuffles, drops and kills; then the dust settles, and the bucket is
compared with the catalog by a script that shares no code with the pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from csvgate.aws.events import decode, encode
from csvgate.delivery import Arrival
from csvgate.errors import TransientError
from csvgate.memory import MemoryObjectStore
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order
from tests.world import BUCKET, CLEAN, LEASE, NOT_CSV, Fault, Killed, World, arrivals

KEYS = st.sampled_from(["a.csv", "in/b +ä%.csv", "folder/"])
CONTENTS = st.sampled_from([CLEAN, CLEAN * 2, NOT_CSV, b""])
FAULTS = st.none() | st.builds(
    Fault,
    at=st.integers(min_value=1, max_value=8),
    error=st.sampled_from([Killed, TransientError]),
    when=st.sampled_from(["before", "after"]),
)
DONE = {"recorded", "rejected", "ignored", "deleted"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Uploaded:
    """What the test itself remembers of an upload, a deletion or the removal of one of them."""

    key: str
    delivery_id: str
    state: str
    version_id: str | None


class Promise(RuleBasedStateMachine):
    """A bucket with versions, whose events come twice, late, out of order, by half or never."""

    versioning: Literal["enabled", "off"] = "enabled"

    @initialize()
    def open(self) -> None:
        self.world = World(objects=MemoryObjectStore(versioning=self.versioning))
        self.under_way: list[Arrival] = []
        self.uploads: list[Uploaded] = []
        self.purged: set[str] = set()
        self.lost = False

    @rule(key=KEYS, content=CONTENTS)
    def upload(self, key: str, content: bytes) -> None:
        arrival = self.world.objects.put(BUCKET, key, content)
        marker = key.endswith("/") and not content
        wrong = content in {NOT_CSV, b""}
        self._remember(arrival, "ignored" if marker else "rejected" if wrong else "recorded")

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self._remember(self.world.objects.delete(BUCKET, key), "deleted")

    @precondition(lambda self: self._kept())
    @rule(data=st.data())
    def purge(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(self._kept()))
        self._remember(self.world.objects.purge(BUCKET, version.key, version.version_id), "deleted")
        self.purged.add(version.delivery_id)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), fault=FAULTS, repeated=st.booleans())
    def deliver(self, data: st.DataObject, fault: Fault | None, repeated: bool) -> None:  # noqa: FBT001  by name
        place = data.draw(st.integers(min_value=0, max_value=len(self.under_way) - 1))
        arrival = self.under_way[place]
        if self.world.deliver(arrival, fault) and not repeated:
            self.under_way.pop(place)

    @rule(fault=FAULTS)
    def record(self, fault: Fault | None) -> None:
        self.world.record_all(fault)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def lose_an_event(self, data: st.DataObject) -> None:
        self.under_way.pop(data.draw(st.integers(min_value=0, max_value=len(self.under_way) - 1)))
        self.lost = True

    @rule()
    def wait(self) -> None:
        self.world.tick(LEASE)

    @rule()
    def sweep(self) -> None:
        self._sweep()

    @invariant()
    def nothing_is_recorded_that_was_not_uploaded(self) -> None:
        known = {delivery.delivery_id for delivery in self.world.catalog.newest()}
        assert known <= {uploaded.delivery_id for uploaded in self.uploads}

    def teardown(self) -> None:
        """The dust settles: everything on its way arrives, and the sweep finds what never was."""
        self.world.tick(LEASE)
        self.world.record_all()
        self.world.finish(*self.under_way)
        if not self.lost:
            self._check_every_head()
        for _ in range(4):
            self.world.tick(LEASE)
            self._sweep()
            for arrival in self.under_way:
                self.world.finish(arrival)
            self.world.record_all()
        self._check_every_upload()
        self._check_what_was_purged()
        self._check_every_head()
        assert len(self.world.inspected) == 0

    def _remember(self, arrival: Arrival, state: str) -> None:
        self.under_way.append(arrival)
        version_id = None if arrival.kind == "purged" else arrival.version_id
        uploaded = Uploaded(key=arrival.key, delivery_id=arrival.delivery_id, state=state, version_id=version_id)
        self.uploads.append(uploaded)

    def _kept(self) -> list[Uploaded]:
        """Versions and delete markers that are in the bucket."""
        return [
            uploaded for uploaded in self.uploads if uploaded.version_id and uploaded.delivery_id not in self.purged
        ]

    def _sweep(self) -> None:
        order = Order(bucket=BUCKET, grace=LEASE * 0, retry_failed=True)
        reconcile(order, self.world.ports(), lambda arrival: self.under_way.extend(arrivals(decode(encode(arrival)))))

    def _check_every_upload(self) -> None:
        found = {delivery.delivery_id: delivery.state for delivery in self.world.catalog.newest()}
        kept = self._kept()
        assert {uploaded.delivery_id: found.get(uploaded.delivery_id) for uploaded in kept} == {
            uploaded.delivery_id: uploaded.state for uploaded in kept
        }

    def _check_what_was_purged(self) -> None:
        """Where its event was lost nobody can finish it any more; else it is what it was, or had vanished."""
        lost = {"inspecting"} if self.lost else set()
        states = {uploaded.delivery_id: {uploaded.state, "vanished", *lost} for uploaded in self.uploads}
        assert all(delivery.state in states[delivery.delivery_id] for delivery in self.world.catalog.newest())

    def _check_every_head(self) -> None:
        newest = {uploaded.key: uploaded.delivery_id for uploaded in self._kept()}
        assert {key: self.world.head(key).delivery_id for key in newest} == newest


TestPromise = Promise.TestCase
TestPromise.settings = settings(stateful_step_count=30)
