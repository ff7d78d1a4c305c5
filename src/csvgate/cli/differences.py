"""A Reconciliation in; its differences by kind, each kind with its meaning, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from csvgate.upkeep.reconciliation import Group, Reconciliation

# What was found, and what it means; in the order in which one wants to know.
KINDS = {
    "missing": "the catalog never heard of them; they are on the queue now",
    "stuck": "somebody began and went silent; they are on the queue again",
    "failed": "we gave up on them; --retry-failed puts them on the queue again",
    "unsure": "without version ids it cannot be told whether these were delivered",
    "heads": "the catalog's newest delivery of the key was not that of the bucket's newest version; it is now",
    "unheard": "a sink had loaded them or taken them back, and the catalog did not say so; it does now",
    "miscounted": "readers of the sink see another number of rows than the catalog says; csvgate reload loads anew",
    "unloaded": "their feed has a sink, and they were never loaded; csvgate reload loads them",
    "erasing": "somebody was cut off while he erased them, or could not remove all; csvgate erase goes on",
    "gone": "their object is not in the bucket any more; their receipt stays",
    "silent": "no file of these feeds came for longer than they say (expect_every)",
}


def groups(found: Reconciliation) -> dict[str, Group]:
    """What there is of each kind, where there is any."""
    every = {kind: getattr(found, kind) for kind in KINDS}
    return {kind: group for kind, group in every.items() if group.count}


def lines(found: Reconciliation) -> Iterator[Sequence[object]]:
    """The counts, and then what is named of each kind, for a pipe."""
    yield "agrees", "yes" if found.agrees else "no"
    for name in ("versions", "settled", "pending", "enqueued"):
        yield name, getattr(found, name)
    for kind, group in groups(found).items():
        yield kind, group.count
        yield from ((kind, name_of(item), item.get("version_id"), item.get("delivery_id")) for item in group.first)


def name_of(item: Mapping[str, Any]) -> str:
    """The key; of what only a sink knows, the delivery; or the feed."""
    return str(item.get("feed") or item["key"] or item["delivery_id"])
