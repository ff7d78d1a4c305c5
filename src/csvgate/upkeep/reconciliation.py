"""What a comparison of bucket, sinks and catalog was asked for in; what it found, counted and named, out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from csvgate.delivery import Arrival
from csvgate.delivery_json import instant

# Of each kind so many are named; all are counted.
NAMED = 1_000
GRACE = timedelta(minutes=15)
# Kinds of which there should be none, and all that are named.
DIFFERENCES = ("missing", "stuck", "failed", "unsure", "heads", "unheard", "miscounted", "unloaded", "erasing")
KINDS = (*DIFFERENCES, "gone", "silent")


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to compare, and what to do about it; within `grace` of its upload, nothing is called missing or stuck.

    `key_prefix`: how the keys begin that are taken in; what is beside may be other people's.
    `prefix` is for whoever asks for other keys, or for fewer.
    """

    bucket: str
    key_prefix: str = ""
    prefix: str | None = None
    grace: timedelta = GRACE
    retry_failed: bool = False

    @property
    def within(self) -> str:
        """How the keys begin that are to be compared."""
        return self.key_prefix if self.prefix is None else self.prefix

    @property
    def is_whole(self) -> bool:
        """Nothing that is taken in is left out."""
        return self.key_prefix.startswith(self.within)

    def covers(self, arrival: Arrival) -> bool:
        """The arrival is among what is to be compared."""
        return arrival.bucket == self.bucket and arrival.key.startswith(self.within)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """How many there are of a kind, and the first of them."""

    count: int = 0
    first: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The group as `csvgate reconcile --json` shows it."""
        return {"count": self.count, "first": list(self.first)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciliation:
    """What the comparison found.

    `missing` and `stuck` were put on the arrivals queue, `failed` only if that was asked for.
    `heads` are keys whose newest delivery was not that of the version which the store calls the latest;
    where it is `repaired`, that one leads now.
    `unheard` are deliveries of which a sink knew more than the catalog, which says it now where they are `repaired`.
    `miscounted`: readers of a sink see another number of rows than the catalog says, or saw it until it was `repaired`;
    `counted` is null where the sink cannot tell, for the `reason` that is there.
    `unloaded`: a feed with a sink took them in, and they were never loaded.
    `erasing`: they are to be gone, and somebody was cut off, or could not remove all.
    `gone` are deliveries whose object is no longer there: good to know, no fault.
    `silent` are feeds of which no file came for longer than they say: somebody's fault, and not the catalog's.
    """

    bucket: str
    versions: int
    enqueued: int
    settled: int
    pending: int
    missing: Group
    stuck: Group
    failed: Group
    unsure: Group
    heads: Group
    unheard: Group
    miscounted: Group
    unloaded: Group
    erasing: Group
    gone: Group
    silent: Group

    @property
    def agrees(self) -> bool:
        """The catalog says what the bucket and the sinks hold; what is pending will follow."""
        return not any(getattr(self, kind).count for kind in DIFFERENCES)

    def to_json(self) -> dict[str, Any]:
        """The reconciliation as `csvgate reconcile --json` shows it."""
        values = {name: getattr(self, name) for name in self.__slots__}
        shown = {name: value.to_json() if isinstance(value, Group) else value for name, value in values.items()}
        return {**shown, "agrees": self.agrees}


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts, and the first few of each kind, while bucket, sinks and catalog are read."""

    counts: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, kind: str, item: dict[str, Any]) -> None:
        """One more of the kind."""
        self.counts[kind] += 1
        if self.counts[kind] <= NAMED:
            self.named.setdefault(kind, []).append(item)

    def group(self, kind: str) -> Group:
        """What there is of the kind by now."""
        return Group(count=self.counts[kind], first=tuple(self.named.get(kind, ())))


def named(arrival: Arrival) -> dict[str, Any]:
    """How an arrival is named in a group."""
    uploaded = instant(arrival.time) if arrival.time else None
    return {"key": arrival.key, "version_id": arrival.version_id, "uploaded": uploaded}
