"""The ledger, editions and rows in, the items of the table of rows out, and back: what knows their shapes. No client.

deliveries#<digit> | <delivery_id>             the ledger: what was loaded of a delivery, and what is being loaded
outbox#<digit> | <delivery_id>                 what was done last with a delivery, until the catalog has heard it
<table> | head                                 which edition of the table readers see
<table> | edition#<number>#<delivery_id>       a load that belongs to an edition, and the partitions of its rows
<table> | begun#<delivery_id>#<load>           a load that has not ended
<table> | dropped#<delivery_id>#<load>         a load that nobody sees any more; its rows are to be deleted
<table>#<delivery>#<load>#<shard> | <row no>   a row
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from csvgate.aws.dynamodb_items import instant
from csvgate.aws.rows.cells import names_of, storable
from csvgate.aws.rows.state import Entry, Head, Listing, Place, Running, object_of
from csvgate.delivery import Delivery
from csvgate.delivery_json import from_message, to_message
from csvgate.load import Load, Target

Item = dict[str, Any]

LEDGER_DIGITS = "0123456789abcdef"
HEAD = "head"
EDITIONS = "edition#"
COLUMNS_BYTES = 300_000


def row_key(partitions: Sequence[str], number: int) -> Item:
    """Where a row is: neighbours are in different partitions."""
    return {"pk": {"S": partitions[number % len(partitions)]}, "sk": {"S": f"{number:012d}"}}


def ledger_key(delivery_id: str) -> Item:
    """Where the ledger's entry of a delivery is: in one of sixteen partitions, so that all can be listed."""
    return {"pk": {"S": ledger_partition(delivery_id[0])}, "sk": {"S": delivery_id}}


def ledger_partition(digit: str) -> str:
    """Where those entries are whose delivery begins with the digit."""
    return f"deliveries#{digit}"


def word_key(delivery_id: str) -> Item:
    """Where the word for the catalog about a delivery is."""
    return {"pk": {"S": words_partition(delivery_id[0])}, "sk": {"S": delivery_id}}


def words_partition(digit: str) -> str:
    """Where those words are whose delivery begins with the digit."""
    return f"outbox#{digit}"


def word_item(delivery: Delivery, since: str) -> Item:
    """The word for the catalog: the delivery as the sink left it then."""
    told = {"done": done_in(delivery), "since": since, "delivery": to_message(delivery)}
    return word_key(delivery.delivery_id) | {name: {"S": text} for name, text in told.items()}


def delivery_told(item: Item) -> Delivery:
    """The delivery of which a word, or the ledger, tells."""
    return from_message(item["delivery"]["S"])


def done_in(delivery: Delivery) -> str:
    """What tells one thing that was done with a delivery from the next."""
    return f"{delivery.state}:{delivery.generation}"


def head_key(table: str) -> Item:
    """Where the head of a table is."""
    return {"pk": {"S": table}, "sk": {"S": HEAD}}


def edition_prefix(number: int) -> str:
    """How the sort keys of an edition's loads begin; they sort as their numbers do."""
    return f"{EDITIONS}{number:010d}#"


def edition_of(listing: Item) -> int:
    """The number of the edition that lists it."""
    return int(listing["sk"]["S"].split("#")[1])


def edition_bound(newer: Sequence[int]) -> str:
    """What sorts behind all editions but those newer ones."""
    return edition_prefix(newer[-1]) if newer else f"{EDITIONS}~"


def listing_key(table: str, edition: int, delivery_id: str) -> Item:
    """Where an edition lists a delivery."""
    return {"pk": {"S": table}, "sk": {"S": f"{edition_prefix(edition)}{delivery_id}"}}


def begun_item(place: Place, since: str) -> Item:
    """Says that a load has begun, and when."""
    return {**_noted("begun", place), "since": {"S": since}}


def begun_key(place: Place) -> Item:
    """Where it says so."""
    return _key("begun", place)


def dropped_item(place: Place) -> Item:
    """Says that the rows are to be deleted."""
    return _noted("dropped", place)


def entry_item(entry: Entry) -> Item:
    """The ledger's entry."""
    item = ledger_key(entry.delivery_id) | _numbers(
        version=entry.version, attempts=entry.attempts, generation=entry.generation, edition=entry.edition
    )
    if entry.load:
        item["load"] = _load_attribute(entry.load)
    if entry.whose:
        item["delivery"] = {"S": to_message(entry.whose)}
    if entry.place:
        item["place"] = place_attribute(entry.place)
    if entry.places:
        item["places"] = {"L": [place_attribute(place) for place in sorted(entry.places, key=astuple)]}
    if running := entry.running:
        facts = _numbers(generation=running.generation, written=running.written)
        told = {"digest": {"S": running.digest}, "place": place_attribute(running.place)}
        item["running"] = {"M": facts | told}
    return item


def entry_of(item: Item) -> Entry:
    """The entry that an item holds."""
    delivery_id = item["sk"]["S"]
    counted = {name: _int(item, name) for name in ("version", "attempts", "generation", "edition")}
    running = item.get("running", {}).get("M")
    return Entry(
        delivery_id=delivery_id,
        whose=delivery_told(item) if "delivery" in item else None,
        load=_load_of(item["load"]["M"]) if "load" in item else None,
        place=place_of(item["place"], delivery_id) if "place" in item else None,
        running=Running(
            generation=_int(running, "generation"),
            place=place_of(running["place"], delivery_id),
            digest=running["digest"]["S"],
            written=_int(running, "written"),
        )
        if running
        else None,
        places=_places(item, delivery_id),
        **counted,
    )


def head_item(head: Head) -> Item:
    """The head of a table; `shown` is for readers."""
    counted = _numbers(version=head.version, edition=head.edition, newest=head.newest)
    item = {**head_key(head.table), **counted, "shown": {"S": edition_prefix(head.edition)}}
    return item | (_numbers(previous=head.previous) if head.previous else {})


def head_of(item: Item) -> Head:
    """The head that an item holds."""
    counted = {name: _int(item, name) for name in ("version", "edition", "newest")}
    return Head(table=item["pk"]["S"], previous=_int(item, "previous") if "previous" in item else None, **counted)


def head_over(table: str, editions: Sequence[int]) -> Head:
    """The head of a table that has none, by the newest editions that list anything."""
    if not editions:
        return Head(table=table)
    newest, *before = editions
    return Head(table=table, edition=newest, newest=newest, previous=before[0] if before else None)


def listing_item(edition: int, place: Place, delivery: Delivery, target: Target, load: Load) -> Item:
    """What readers go by: where the rows of the delivery are, what they are, and how many."""
    texts = {
        "delivery_id": delivery.delivery_id,
        "object": object_of(delivery),
        "order": delivery.arrival.order,
        "arrived": instant(delivery.upload_timestamp),
        "shape": target.shape,
    }
    return {
        **listing_key(place.table, edition, place.delivery_id),
        **{name: {"S": storable(text)} for name, text in texts.items() if text},
        **_numbers(row_count=load.rows_loaded),
        **_columns(target),
        "partitions": {"L": [{"S": partition} for partition in place.partitions]},
        "place": place_attribute(place),
    }


def listing_of(item: Item) -> Listing:
    """The load that an item of an edition tells of."""
    texts = {name: item[name]["S"] if name in item else "" for name in ("delivery_id", "object", "order", "arrived")}
    return Listing(**texts)


def place_attribute(place: Place) -> Item:
    """The place, in an item that names its delivery."""
    return {"M": {"table": {"S": place.table}, "load": {"S": place.load}, **_numbers(shards=place.shards)}}


def place_of(attribute: Item, delivery_id: str) -> Place:
    """The place that an item tells of."""
    facts = attribute["M"]
    return Place(
        table=facts["table"]["S"], delivery_id=delivery_id, load=facts["load"]["S"], shards=_int(facts, "shards")
    )


def _key(note: str, place: Place) -> Item:
    return {"pk": {"S": place.table}, "sk": {"S": f"{note}#{place.delivery_id}#{place.load}"}}


def _noted(note: str, place: Place) -> Item:
    return {**_key(note, place), "delivery_id": {"S": place.delivery_id}, "place": place_attribute(place)}


def _columns(target: Target) -> Item:
    """The columns as the file names them, each with the name that it has in `cells`; as many as fit."""
    kept: list[Item] = []
    room = COLUMNS_BYTES
    for column, name in zip(target.columns, names_of(target), strict=True):
        facts = {"name": storable(column.name), "type": column.type}
        facts |= {"attribute": name} if target.shape == "typed" else {}
        room -= sum(len(text.encode()) + len(each) for each, text in facts.items())
        if room < 0:
            return {"columns": {"L": kept}, "columns_cut": {"BOOL": True}}
        kept.append({"M": {each: {"S": text} for each, text in facts.items()}})
    return {"columns": {"L": kept}}


def _places(item: Item, delivery_id: str) -> frozenset[Place]:
    """Where any load of the delivery could write; of what was begun before that was written down, the last ones."""
    last = [known["place"] for known in (item, item.get("running", {}).get("M", {})) if "place" in known]
    return frozenset(place_of(each, delivery_id) for each in (*item.get("places", {}).get("L", ()), *last))


def _load_attribute(load: Load) -> Item:
    counted = _numbers(rows_loaded=load.rows_loaded, rows_quarantined=load.rows_quarantined)
    return {"M": {"table": {"S": load.table}, "outcome": {"S": load.outcome}, **counted}}


def _load_of(facts: Item) -> Load:
    return Load(
        sink="dynamodb",
        table=facts["table"]["S"],
        rows_loaded=_int(facts, "rows_loaded"),
        rows_quarantined=_int(facts, "rows_quarantined"),
        verified=True,
        outcome=facts["outcome"]["S"],
    )


def _numbers(**values: int) -> Item:
    return {name: {"N": str(value)} for name, value in values.items()}


def _int(item: Item, name: str) -> int:
    return int(item[name]["N"])
