"""csvgate undo: a delivery in; its rows gone from their sink, and how many they were, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import click

from csvgate.cli.console import print_facts, print_json
from csvgate.cli.deliveries import found
from csvgate.cli.session import session_of
from csvgate.delivery import Delivery
from csvgate.errors import UsageError
from csvgate.ports import Ports
from csvgate.report.words import count
from csvgate.upkeep.reloading import undo as take_back

# So many deliveries are named to a person.
NAMED, ID_LENGTH = 10, 10


@click.command()
@click.argument("name", metavar="DELIVERY")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def undo(name: str, *, as_json: bool) -> None:
    """Take a delivery's rows back out of their sink.

    DELIVERY is the key of an object, s3://bucket/key, or the beginning of a delivery id: four digits or more. What the
    rows had replaced is back, if it is still there. The file stays, and its receipt says that its rows were taken
    back; they stay away, also when the file's event comes again, until csvgate reload. Safe any number of times.

    In a feed that merges, rows that were overwritten do not come back by themselves: the answer says how many they
    are at most, and of which deliveries, and csvgate reload loads these once more.
    """
    session = session_of()
    delivery = found(session, name)
    require_sink(delivery, session.ports)
    removed = take_back(delivery, session.ports)
    lacking = overwritten(delivery, session.ports) if removed else {}
    if as_json:
        key = {"bucket": delivery.arrival.bucket, "key": delivery.arrival.key}
        lost = {"rows_overwritten": [{**whose(other), "at_most": rows} for other, rows in lacking.items()]}
        print_json({"delivery_id": delivery.delivery_id, **key, "rows_removed": removed, **(lost if lacking else {})})
    else:
        print_facts([("taken back", told(removed, delivery)), ("delivery", delivery.delivery_id), *missed(lacking)])


def require_sink(delivery: Delivery, ports: Ports) -> None:
    """The delivery's sink is set up here, if it says which one it is; else UsageError."""
    if not ports.sinks or (delivery.sink and delivery.sink not in ports.sinks):
        problem = f"its rows are in {delivery.sink}, and " if delivery.sink else ""
        message = f"{problem}no such sink is set up here; DATABASE_URL says where PostgreSQL is"
        raise UsageError(message)


def overwritten(delivery: Delivery, ports: Ports) -> dict[Delivery, int]:
    """Of the other deliveries in a table of merged rows, how many rows are not there any more; most are named first.

    Whether this delivery had replaced them or another one did, a table does not tell.
    """
    feed = ports.feeds.of(delivery.arrival.key)
    sink = next((sink for kind, sink in ports.sinks.items() if kind == delivery.sink), None)
    if sink is None or feed is None or feed.disposition != "merge":
        return {}
    others = [one for one in sink.loads() if one.load.table == delivery.table and one.load.outcome == "loaded"]
    lacking = {one.delivery_id: one.load.rows_loaded - sink.count(one.delivery_id) for one in others}
    known = ((ports.catalog.get(name), rows) for name, rows in lacking.items() if rows > 0)
    return {other: rows for other, rows in sorted(known, key=lambda pair: -pair[1]) if other}


def whose(other: Delivery) -> dict[str, str]:
    """The delivery, as a program finds it again."""
    return {"delivery_id": other.delivery_id, "key": other.arrival.key}


def missed(lacking: Mapping[Delivery, int]) -> Iterator[tuple[str, str]]:
    """What does not come back by itself, and what brings it."""
    if lacking:
        yield "not back", f"at most {count(sum(lacking.values()), 'row')} that were overwritten in this table"
    for other, rows in islice(lacking.items(), NAMED):
        yield "load again", f"{rows:,} of {other.arrival.key}: csvgate reload {other.delivery_id[:ID_LENGTH]}"
    if len(lacking) > NAMED:
        yield "load again", f"and {len(lacking) - NAMED:,} more deliveries, which --json names"


def told(removed: int, delivery: Delivery) -> str:
    """How many rows went, and from where."""
    if not removed:
        return f"nothing: no sink has rows of {delivery.arrival.key}"
    rows = f"{count(removed, 'row')} of {delivery.arrival.key}"
    return f"{rows}, from {delivery.table}" if removed and delivery.table else rows
