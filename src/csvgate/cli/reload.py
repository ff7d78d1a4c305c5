"""csvgate reload: a delivery in; its rows in their sink once more, in the place of those that were there, out."""

from __future__ import annotations

import click
from click.exceptions import Exit

from csvgate.cli.console import print_facts, print_json, steps
from csvgate.cli.deliveries import found
from csvgate.cli.exits import REJECTED
from csvgate.cli.session import session_of
from csvgate.delivery import Delivery
from csvgate.delivery_json import facts
from csvgate.reloading import reload as load_again
from csvgate.report.words import loaded


@click.command()
@click.argument("name", metavar="DELIVERY")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reload(name: str, *, as_json: bool) -> None:
    """Load a delivery's rows once more.

    DELIVERY is the key of an object, s3://bucket/key, or the beginning of a delivery id: four digits or more. Its rows
    are loaded as its feed and its contract are now, and take the place of those that were there: after an undo, after
    a contract was changed, or where a feed got its sink only later. Exit code 1 says that nothing was loaded, because
    the file breaks the contract or is not there any more; then everything is as it was.
    """
    session = session_of()
    with steps("loading"):
        done = load_again(found(session, name), session.ports)
    if as_json:
        print_json(facts(done))
    else:
        print_facts([(done.state, told(done)), ("delivery", done.delivery_id)])
    if done.state in {"rejected", "vanished", "superseded"}:
        raise Exit(REJECTED)


def told(done: Delivery) -> str:
    """How many rows are where; or why they are not."""
    if done.state == "loaded":
        return f"{done.arrival.key}: {loaded(facts(done)['load'])}"
    return f"{done.arrival.key}: {done.reason or 'a newer version, or none, is in its place'}"
