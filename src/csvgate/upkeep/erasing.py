"""A delivery in; all that is kept of it removed, and a tombstone without content in the catalog, out.

    shut the door -> what is to be told -> rows of every sink -> documents -> the object -> `erased`

First the catalog says `erasing`: from then on nobody inspects, loads or reloads it. Whoever is killed after that, or
cannot remove something, leaves it so; each step may be repeated, and the last one is taken when nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from csvgate.delivery import Delivery, State
from csvgate.delivery_json import instant
from csvgate.errors import AccessRefused, CsvgateError, PermanentError, TransientError, UsageError
from csvgate.pipeline.inspections import prefixes_of
from csvgate.pipeline.story import record_delivery
from csvgate.ports import Ports
from csvgate.telling.notices import Outbox


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What was removed now: rows by sink, documents, the object's version, words that were to be told.

    `left` says of what could not be removed why; while there is something, the delivery is `erasing`.
    """

    delivery: Delivery
    rows: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    objects: int = 0
    words: int = 0
    left: dict[str, str] = field(default_factory=dict)


def erase(delivery: Delivery, words: Outbox, ports: Ports, by: str) -> Erasure:
    """Nothing is left of the delivery but that it was there, and who has erased it when; or the answer says what is.

    UsageError if it is no file, or if somebody is at work on it. Safe any number of times.
    """
    delivery = _shut(delivery, ports)
    left: dict[str, str] = {}
    removed = Erasure(
        delivery=delivery,
        words=_attempted("what is to be told", lambda: _unsaid(delivery, words), left),
        rows=_rows(delivery, ports, left),
        documents=_attempted("documents", lambda: _documents(delivery, ports), left),
        objects=_attempted("the object", lambda: int(ports.objects.erase(delivery.arrival)), left),
        left=left,
    )
    return removed if left else replace(removed, delivery=_ended(delivery, ports, by))


def _shut(delivery: Delivery, ports: Ports) -> Delivery:
    """The catalog says that it is being erased, if it did not say so, or more, before."""
    key = delivery.arrival.key
    if delivery.arrival.kind != "created":
        message = f"{key} is {delivery.state}, and no file: there is nothing to erase"
        raise UsageError(message)
    if delivery.is_erased:
        return delivery
    ended = delivery if delivery.is_final else _taken(delivery, ports)
    shut = _tombstone(ended, "erasing", sink=ended.sink)
    if ended.is_final:
        ports.catalog.amend(shut, (), seen=ended)
    else:
        record_delivery(shut, ports)
    return _as_told(shut, ports)


def _taken(delivery: Delivery, ports: Ports) -> Delivery:
    """The delivery, which nobody else works on now; it may have ended just before."""
    claim = ports.catalog.claim(delivery.arrival, owner=ports.owner, now=ports.clock(), lease=ports.lease)
    if claim.status == "busy":
        until = f" after {instant(claim.busy_until.replace(microsecond=0))}" if claim.busy_until else ""
        message = f"{delivery.arrival.key} is being worked on; erase it when it has ended, or try again{until}"
        raise UsageError(message)
    return claim.delivery if claim.status == "finished" and claim.delivery else delivery


def _tombstone(delivery: Delivery, state: State, *, sink: str | None = None, reason: str | None = None) -> Delivery:
    """What stays: which object it was, how large it was, when it came, and who is told of it."""
    bare = Delivery.of(delivery.arrival, state, at=delivery.upload_timestamp)
    return replace(bare, attempts=delivery.attempts, feed=delivery.feed, sink=sink, reason=reason)


def _as_told(shut: Delivery, ports: Ports) -> Delivery:
    """The delivery, if the catalog says by now that it is being erased: somebody may have been faster."""
    known = ports.catalog.get(shut.delivery_id)
    if known is None or not known.is_erased:
        message = f"{shut.arrival.key} changes while it is to be erased"
        raise TransientError(message)
    return known


def _unsaid(delivery: Delivery, words: Outbox) -> int:
    """What was to be told before, with what was in the file, is not; how many words that were."""
    said = [notice for notice in words.of(delivery.delivery_id) if not notice.delivery.is_erased]
    for notice in said:
        words.close(notice)
    return len(said)


def _rows(delivery: Delivery, ports: Ports, left: dict[str, str]) -> dict[str, int]:
    """No sink has rows of it; how many each had. All are asked: a feed may have had another one before."""
    needed = ports.sinks_in_use(delivery)
    removed: dict[str, int] = {}
    for kind, sink in ports.sinks.items():
        try:
            removed[kind] = sink.forget(delivery.delivery_id)
        except CsvgateError as exc:
            # Of those that nobody names, none need be there at all.
            if kind in needed or not _is_absent(exc):
                left[f"rows in {kind}"] = str(exc)
    if delivery.sink and delivery.sink not in ports.sinks:
        left[f"rows in {delivery.sink}"] = "no such sink is set up here; DATABASE_URL says where PostgreSQL is"
    return removed


def _is_absent(problem: CsvgateError) -> bool:
    """There is no such thing, rather than that it does not answer, or not to us."""
    return isinstance(problem, PermanentError) and not isinstance(problem, AccessRefused)


def _documents(delivery: Delivery, ports: Ports) -> int:
    """The inspection and the quarantine of it, also of every time that it was judged anew."""
    prefixes = prefixes_of(delivery.delivery_id)
    return sum(ports.objects.erase_documents(ports.results_bucket, prefix) for prefix in prefixes)


def _ended(delivery: Delivery, ports: Ports, by: str) -> Delivery:
    """All is gone, and the catalog says who has erased it, and when; the first who did stays in it."""
    if delivery.state == "erased":
        return delivery
    erased = _tombstone(delivery, "erased", reason=f"by {by} at {instant(ports.clock().replace(microsecond=0))}")
    # A hash of what was in it; without a version id it is part of the delivery's name.
    arrival = replace(erased.arrival, etag=None) if erased.arrival.version_id else erased.arrival
    ports.catalog.amend(replace(erased, arrival=arrival), (), seen=delivery)
    return _as_told(erased, ports)


def _attempted(what: str, step: Callable[[], int], left: dict[str, str]) -> int:
    """What the step says; if it fails, nothing else has to wait for it."""
    try:
        return step()
    except CsvgateError as exc:
        left[what] = str(exc)
        return 0
