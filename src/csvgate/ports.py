"""What the pipeline needs from the outside, as small Protocols, and the values that cross them.

May import the core, never an adapter. Every Protocol has an in-memory twin in `csvgate.memory`;
one suite of behaviour (`tests/ports/`) holds all implementations to the same promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from csvgate.core.contracts.feed import NO_FEEDS, Feeds, SinkKind
from csvgate.core.findings import Verdict
from csvgate.delivery import Arrival, Delivery, State
from csvgate.load import Content, Load, Stored, Target
from csvgate.telemetry.tracing import NOTHING, UNTRACED, Carrier, Tracer


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectVersion:
    """One version of an object as the store lists it."""

    bucket: str
    key: str
    version_id: str | None
    etag: str | None
    size: int
    last_modified: datetime
    is_latest: bool
    is_delete_marker: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenObject:
    """An object version that can be read from its first byte, as often as needed.

    `chunks()` yields exactly `version.size` bytes or raises TransientError; a dropped connection
    is resumed, never taken for the end. `metadata` is what its sender said of it.
    """

    version: ObjectVersion
    chunks: Callable[[], Iterator[bytes]]
    metadata: Carrier = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A document as it was when it was seen; its `tag` is another one as soon as its body is."""

    body: bytes
    tag: str


class ObjectStore(Protocol):
    """Where files arrive (S3); read only, but for the results bucket, and for whoever erases a delivery."""

    def find(self, bucket: str, key: str, version_id: str | None = None) -> ObjectVersion | None:
        """The version asked for, or the latest; None if there is none (or it is a delete marker), or no bucket."""

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        """The bytes of exactly this arrival: by version id, else only while the etag is unchanged."""

    def extract(self, arrival: Arrival, start: int, size: int) -> bytes | None:
        """So many bytes of exactly this arrival, or fewer at its end; None if it is gone, or another one by now."""

    def versions(self, bucket: str, prefix: str = "") -> Iterator[ObjectVersion]:
        """All versions and delete markers below a prefix, newest first within a key; NoSuchBucket if it is gone."""

    def write(self, bucket: str, key: str, body: bytes, content_type: str) -> str:
        """Store a document; the answer is its `s3://` address. Writing the same key again replaces it."""

    def read(self, uri: str, *, last: int | None = None) -> bytes | None:
        """A document that was stored, or no more than its last so many bytes; or None."""

    def see(self, uri: str) -> Document | None:
        """A document with what tells whether it is still the same; or None."""

    def swap(self, uri: str, body: bytes, content_type: str, *, seen: Document | None) -> bool:
        """One conditional write: the document is there in place of the one that was seen (None: of none).

        False: somebody else was faster, or an earlier try of this very call; nothing was written now.
        """

    def remove(self, uri: str) -> None:
        """There is no such document, whether or not there was one."""

    def documents(self, bucket: str, prefix: str = "") -> Iterator[str]:
        """The addresses of all documents whose keys begin so, in the order of their keys."""

    def erase(self, arrival: Arrival) -> bool:
        """The bytes of exactly this arrival are gone for good: by version id, else only while the etag is unchanged.

        False: they were gone before, or are another one's by now.
        """

    def erase_documents(self, bucket: str, prefix: str, holding: str = "") -> int:
        """No document whose key begins so, and holds that, is there, in no version; how many versions went."""


class Queue(Protocol):
    """A queue of text messages, at least once and in any order (SQS)."""

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        """The message is in the queue, at least once, and the attributes with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as a consumer received it, for the n-th time; `handle` stands for this very receive."""

    message_id: str
    body: str
    receive_count: int = 1
    handle: str = ""
    attributes: Carrier = field(default_factory=dict)


class Inbox(Protocol):
    """The other end of a queue: what one consumer received is hidden from others, until it is deleted or time is up."""

    def receive(self, *, limit: int, wait: timedelta, hidden: timedelta) -> Sequence[Message]:
        """Up to ten of the messages, hidden for so long; none, if none came while we waited."""

    def hide(self, message: Message, duration: timedelta) -> None:
        """The message stays hidden for so long from now; with zero it is given back at once."""

    def delete(self, message: Message) -> None:
        """The message is done with; it may come again all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """The answer to a claim: `held` by us, `finished` (replay its delivery), or `busy` elsewhere."""

    status: Literal["held", "finished", "busy"]
    delivery: Delivery | None = None
    attempts: int = 1
    busy_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a delivery stands to the head of its key.

    `by-sequencer`: it becomes the head if its sequencer is higher; if not, only the store can tell.
    `latest`: S3 itself called it latest while the head was `seen` (a delivery id, or None for no head).
    `older`: history only.
    """

    how: Literal["by-sequencer", "latest", "older"]
    seen: str | None = None


class Catalog(Protocol):
    """The store of deliveries: who works on one, and what became of it."""

    def claim(self, arrival: Arrival, *, owner: str, now: datetime, lease: timedelta) -> Claim:
        """One conditional write: ours until now + lease unless it is finished or someone's lease runs."""

    def release(self, delivery_id: str, *, owner: str) -> None:
        """Our claim is gone, so that the next attempt need not wait; somebody else's claim stays."""

    def hold(self, delivery_id: str, *, owner: str, until: datetime) -> bool:
        """Our claim holds until then; False if it is not ours any more: somebody may be at it since it ran out."""

    def loading(self, delivery: Delivery) -> None:
        """Whoever looks sees that its rows are on their way; nothing changes of one that is not `inspecting`."""

    def record(self, delivery: Delivery, column_names: Sequence[str], standing: Standing) -> bool:
        """Delivery, history and (as its standing allows) head and classic item, in one transaction.

        True: it is recorded, now or by an earlier call (a final delivery is never changed). False: nothing was written,
        as the head is not lower, cannot be compared, or changed: look at it, ask the store, and call again.
        """

    def lead(self, delivery: Delivery, column_names: Sequence[str], *, seen: str | None, order: str = "") -> bool:
        """A recorded delivery is the head in place of `seen`; no sequencer up to `order` (or the head's) takes it back.

        False: nothing was written, because the head is another one than was seen.
        """

    def amend(self, delivery: Delivery, column_names: Sequence[str], *, seen: Delivery) -> bool:
        """A final delivery says what its sink did since it was `seen`: its rows were taken back, or loaded again.

        True: the catalog says so now, also where the delivery leads its key, and whoever is told hears of it; head and
        history stay. False: nothing was written, because its state or its generation is not the one that was seen.
        """

    def get(self, delivery_id: str) -> Delivery | None:
        """The delivery, or None if the catalog never heard of it."""

    def head(self, bucket: str, key: str) -> Delivery | None:
        """The newest delivery of a key (it may be a deletion), or None."""


def is_as_seen(kept: Delivery, seen: Delivery) -> bool:
    """Nothing was done with the rows of a final delivery since it was seen."""
    return kept.is_final and (kept.state, kept.generation) == (seen.state, seen.generation)


class CatalogView(Protocol):
    """The catalog as people look at it."""

    def history(self, bucket: str, key: str) -> Iterator[Delivery]:
        """All deliveries of a key, newest first."""

    def newest(
        self,
        *,
        state: State | None = None,
        verdict: Verdict | None = None,
        day: str | None = None,
        until: datetime | None = None,
    ) -> Iterator[Delivery]:
        """Deliveries, newest upload first, narrowed by state, verdict and/or day (`YYYY-MM-DD`, UTC).

        until: only those that were uploaded then or before, to go on from; none that is newer is read for it.
        """

    def known(self, delivery_ids: Iterable[str]) -> dict[str, Delivery]:
        """Those of the deliveries that the catalog has, by id."""


class Sink(Protocol):
    """Where rows go, each once, however often it is said."""

    def load(self, delivery: Delivery, target: Target, content: Content, generation: int = 1) -> Load:
        """All rows of the delivery are in the target, or none is.

        A generation that was loaded before, or an earlier one, changes nothing: the answer is the first one again.
        A later one takes the place of the rows that were there, at one stroke; where it would replace what is newer, it
        is `superseded`, and nothing has changed.
        TransientError: nobody may know whether it happened; the next call finds out. PermanentError: nothing happened.
        """

    def undo(self, delivery_id: str) -> int:
        """The delivery's rows are gone, and what it had replaced is back if it is still there; how many rows went."""

    def count(self, delivery_id: str) -> int:
        """How many rows of the delivery readers see."""

    def generation(self, delivery_id: str) -> int:
        """How often the delivery was loaded; 0 if it never was."""

    def loads(self) -> Iterator[Stored]:
        """What was loaded of every delivery, its newest generation; not seen: replaced, undone or superseded."""

    def mend(self, delivery_id: str) -> bool:
        """Readers see of the delivery what the sink's ledger says, as far as that can be; whether they had not."""

    def forget(self, delivery_id: str) -> int:
        """No row of the delivery is here, seen or not, and of what it was only that it was; how many rows went.

        As after an undo, no generation that was loaded before comes back. What a killed load left goes, too.
        """


class LoadOutbox(Protocol):
    """What a sink did and the catalog may not have heard of; it is written in the sink's own transaction.

    Of each delivery it has what was done last, as the catalog is to have it.
    """

    def of(self, delivery_id: str) -> Delivery | None:
        """What was done last with the delivery; None if it is closed, or nothing was done."""

    def due(self, before: datetime) -> Iterator[Delivery]:
        """All that was done until then, and is not closed."""

    def close(self, delivery: Delivery) -> None:
        """The catalog has this, and so what was done before it; closing again changes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ports:
    """All that the pipeline's story needs, handed in by `csvgate.wiring` or by a test."""

    objects: ObjectStore
    inspected: Queue
    catalog: Catalog
    view: CatalogView
    results_bucket: str
    clock: Callable[[], datetime]
    owner: str
    lease: timedelta
    feeds: Feeds = NO_FEEDS
    sinks: Mapping[SinkKind, Sink] = field(default_factory=dict)
    load_outboxes: Mapping[str, LoadOutbox] = field(default_factory=dict)
    tracer: Tracer = UNTRACED

    def sinks_in_use(self, delivery: Delivery | None = None) -> dict[str, Sink]:
        """The sinks that feeds name, and the one where the delivery is: of the others, none need be there at all."""
        named = {feed.sink for feed in self.feeds.feeds} | ({delivery.sink} if delivery else set())
        return {kind: sink for kind, sink in self.sinks.items() if kind in named}
