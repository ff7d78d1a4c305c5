"""A table's leftovers in; as many of them deleted as a load may delete, out: rows that nobody will see again.

Each is noted in the table until all its rows are gone, so whoever comes next goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from csvgate.aws.dynamodb_items import instant
from csvgate.aws.rows import items, writes
from csvgate.aws.rows.items import Item
from csvgate.aws.rows.state import Place
from csvgate.aws.rows.table import RowsTable

# No message waits longer in a dead-letter queue: whoever begins the load after that begins anew.
ABANDONED_AFTER = timedelta(days=15)
# A load clears away more rows than it writes, so that what is left grows less.
FEWEST_ROWS, TIMES_ITS_ROWS = 10_000, 2


def sweep(table: RowsTable, name: str, *, now: datetime, rows: int) -> None:
    """The first leftovers of the table are gone: all, or many more than the so many rows that were just loaded."""
    room = max(FEWEST_ROWS, TIMES_ITS_ROWS * rows)
    for item in table.leftovers(table.head(name)):
        place = items.place_of(item["place"], item["delivery_id"]["S"])
        if "since" in item and not _is_ended(table, item, place, instant(now - ABANDONED_AFTER)):
            continue
        room -= table.clear(place, room)
        if not room:
            return
        _forget(table, item, place)


def _is_ended(table: RowsTable, item: Item, place: Place, before: str) -> bool:
    """Whether a load that was begun so long ago has ended, now at the latest."""
    if item["since"]["S"] >= before:
        return False
    entry = table.entry(place.delivery_id)
    return bool(entry.running and entry.running.place == place) and table.transact(writes.abandon(entry))


def _forget(table: RowsTable, item: Item, place: Place) -> None:
    table.delete(items.dropped_item(place))
    if "since" not in item:
        table.delete(item)
