"""What the table of rows knows, and what is to happen, in; the members of one transaction out, made elsewhere.

Each changes the ledger's entry, and the head of the table where readers see something else afterwards: as they were
seen, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from csvgate.aws.rows import items
from csvgate.aws.rows.items import Item
from csvgate.aws.rows.state import Entry, Head, Listing, Place, Running
from csvgate.delivery import Delivery
from csvgate.load import Load, Target

# A member of a transaction, without the table.
Member = dict[str, Any]
Members = list[Member]


@dataclass(frozen=True, kw_only=True, slots=True)
class Loading:
    """What a load is asked for, and what is known of its rows before they are written."""

    delivery: Delivery
    target: Target
    generation: int
    row_count: int
    rows_quarantined: int
    digest: str

    def answer(self) -> Load:
        """What is answered when all of it is loaded."""
        return Load(
            sink="dynamodb",
            table=self.target.table,
            rows_loaded=self.row_count,
            rows_quarantined=self.rows_quarantined,
            verified=True,
        )

    def superseded(self) -> Load:
        """What is answered when something newer was there first."""
        return replace(self.answer(), rows_loaded=0, outcome="superseded")

    def is_late(self, replaced: Sequence[Listing]) -> bool:
        """Whether something newer is among what it would replace."""
        return any(each.is_after(self.delivery) for each in replaced)

    def is_same(self, running: Running) -> bool:
        """Whether the running load writes the same rows for the same purpose."""
        asked = (self.generation, self.target.table, self.digest)
        return (running.generation, running.place.table, running.digest) == asked


def begin(entry: Entry, running: Running, since: str) -> Members:
    """The load is the one that runs; another one that ran has ended."""
    places = entry.places | {running.place}
    after = replace(entry, attempts=entry.attempts + 1, running=running, places=places)
    return [_entry(after, entry), _put(items.begun_item(running.place, since)), *_end(entry, dropping=True)]


def supersede(entry: Entry, loading: Loading, since: str) -> Members:
    """A newer version was there first: nothing of this load is seen, nor kept.

    What was loaded before and comes late now stays what it was; only of the first load the ledger keeps the answer.
    """
    if loading.generation > 1:
        return abandon(entry) if entry.running and loading.is_same(entry.running) else []
    after = _answered(entry, loading, loading.superseded())
    return [_entry(after, entry), *_end(entry, dropping=True), *_tell(after, since)]


def show(entry: Entry, head: Head, replaced: Sequence[Listing], loading: Loading, since: str) -> Members:
    """Readers see the rows of the load that runs, in the place of what they replace."""
    assert entry.running  # noqa: S101  whoever shows a load runs it
    place, load = entry.running.place, loading.answer()
    new = _opened(head) if replaced else head
    after = replace(_answered(entry, loading, load), place=place, edition=new.edition)
    listing = items.listing_item(new.edition, place, loading.delivery, loading.target, load)
    stays = items.listing_key(place.table, new.edition, place.delivery_id)
    return [
        _entry(after, entry),
        _head(new, head),
        _put(listing),
        *_end(entry, dropping=False),
        *(member for member in _forget(entry) if member != _delete(stays)),
        *_tell(after, since),
    ]


def hide(entry: Entry, head: Head, since: str, *, is_alone: bool) -> Members:
    """Nobody sees the rows any more; if nothing else was in their edition, the one before is back."""
    assert entry.load  # noqa: S101  what is hidden was loaded
    load = replace(entry.load, rows_loaded=0, outcome="undone")
    after = replace(entry, load=load, place=None, edition=0)
    is_last = is_alone and entry.edition == head.edition
    new = replace(head, edition=head.previous, previous=None) if is_last and head.previous else head
    return [_entry(after, entry), _head(new, head), *_forget(entry), *_tell(after, since)]


def lead(head: Head) -> Members:
    """The table has a head again, if it still has none."""
    return [_head(head, head)]


def abandon(entry: Entry) -> Members:
    """The load that ran has ended without an answer, and its rows are to be deleted."""
    return [_entry(replace(entry, running=None), entry), *_end(entry, dropping=True)]


def forget(entry: Entry) -> Members:
    """The ledger knows that the delivery was there, and numbers; nothing runs, and nothing is to be heard."""
    after = replace(entry, whose=None, place=None, edition=0, running=None)
    return [
        _entry(after, entry),
        _delete(items.word_key(entry.delivery_id)),
        *_end(entry, dropping=True),
        *_forget(entry),
    ]


def _answered(entry: Entry, loading: Loading, load: Load) -> Entry:
    return replace(entry, generation=loading.generation, whose=loading.delivery, load=load, running=None)


def _tell(after: Entry, since: str) -> Members:
    """The catalog will hear of it."""
    assert after.whose and after.load  # noqa: S101, PT018  something was done
    return [_put(items.word_item(after.whose.after(after.load, after.generation), since))]


def _opened(head: Head) -> Head:
    """A new edition, with nothing in it."""
    return replace(head, edition=head.newest + 1, newest=head.newest + 1, previous=head.edition)


def _end(entry: Entry, *, dropping: bool) -> Members:
    """No load runs."""
    if not entry.running:
        return []
    place = entry.running.place
    return [_delete(items.begun_key(place)), *([_drop(place)] if dropping else [])]


def _forget(entry: Entry) -> Members:
    """The rows that were loaded before are in no edition, and are to be deleted."""
    if not entry.place:
        return []
    return [_delete(items.listing_key(entry.place.table, entry.edition, entry.delivery_id)), _drop(entry.place)]


def _entry(after: Entry, seen: Entry) -> Member:
    return _if_as_seen(items.entry_item(replace(after, version=seen.version + 1)), seen.version)


def _head(after: Head, seen: Head) -> Member:
    return _if_as_seen(items.head_item(replace(after, version=seen.version + 1)), seen.version)


def _if_as_seen(item: Item, version: int) -> Member:
    if not version:
        return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
    return {
        "Put": {
            "Item": item,
            "ConditionExpression": "#version = :version",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {":version": {"N": str(version)}},
        }
    }


def _put(item: Item) -> Member:
    return {"Put": {"Item": item}}


def _drop(place: Place) -> Member:
    return _put(items.dropped_item(place))


def _delete(key: Item) -> Member:
    return {"Delete": {"Key": key}}
