"""csvgate undo: a delivery in; its rows gone from their sink, and how many they were, out."""

from __future__ import annotations

import click

from csvgate.cli.console import print_facts, print_json
from csvgate.cli.deliveries import found
from csvgate.cli.session import session_of
from csvgate.delivery import Delivery
from csvgate.errors import UsageError
from csvgate.ports import Ports
from csvgate.reloading import undo as take_back
from csvgate.report.words import count


@click.command()
@click.argument("name", metavar="DELIVERY")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def undo(name: str, *, as_json: bool) -> None:
    """Take a delivery's rows back out of their sink.

    DELIVERY is the key of an object, s3://bucket/key, or the beginning of a delivery id: four digits or more. What the
    rows had replaced is back, if it is still there. The file stays, and its receipt says that its rows were taken
    back; they stay away, also when the file's event comes again, until csvgate reload. Safe any number of times.
    """
    session = session_of()
    delivery = found(session, name)
    require_sink(delivery, session.ports)
    removed = take_back(delivery, session.ports)
    if as_json:
        key = {"bucket": delivery.arrival.bucket, "key": delivery.arrival.key}
        print_json({"delivery_id": delivery.delivery_id, **key, "rows_removed": removed})
    else:
        print_facts([("taken back", told(removed, delivery)), ("delivery", delivery.delivery_id)])


def require_sink(delivery: Delivery, ports: Ports) -> None:
    """The delivery's sink is set up here, if it says which one it is; else UsageError."""
    if not ports.sinks or (delivery.sink and delivery.sink not in ports.sinks):
        problem = f"its rows are in {delivery.sink}, and " if delivery.sink else ""
        message = f"{problem}no such sink is set up here; DATABASE_URL says where PostgreSQL is"
        raise UsageError(message)


def told(removed: int, delivery: Delivery) -> str:
    """How many rows went, and from where."""
    rows = f"{count(removed, 'row')} of {delivery.arrival.key}"
    return f"{rows}, from {delivery.table}" if removed and delivery.table else rows
