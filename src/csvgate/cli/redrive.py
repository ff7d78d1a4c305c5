"""csvgate redrive: dead letters in; those that are wanted on their way again, and how many, out."""

from __future__ import annotations

import click

from csvgate.cli.console import print_json, print_lines, steps
from csvgate.cli.session import session_of
from csvgate.errors import UsageError
from csvgate.upkeep.redrive import Redriven, Wish
from csvgate.upkeep.redrive import redrive as send_again

# Nothing would be found there, whatever has failed.
NAMELESS = "No dead-letter queue is named: CSVGATE_ARRIVALS_DEAD_URL and CSVGATE_INSPECTED_DEAD_URL say which they are."


@click.command()
@click.argument("names", nargs=-1, metavar="[KEY_OR_ID]...")
@click.option("--reason", default="", help="Only deliveries whose reason holds these words.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def redrive(*, names: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Put failed messages back.

    What is in the dead-letter queues is sent again to the queue that it came from: all of it, or what is about
    these keys or deliveries. Safe at any time, any number of times. Messages that nobody can read stay where they are.
    """
    session = session_of()
    if not session.dead_letters:
        raise UsageError(NAMELESS)
    with steps("reading the dead-letter queues"):
        found = send_again(session.dead_letters, Wish(names=frozenset(names), reason=reason), session.ports)
    if as_json:
        print_json(found.to_json())
    else:
        print_lines(lines(found))


def lines(found: Redriven) -> list[tuple[object, ...]]:
    """What was sent again, and the counts."""
    sent: list[tuple[object, ...]] = [
        ("sent", each["stage"], each["key"], each["delivery_id"], each["reason"]) for each in found.first
    ]
    if not found.redriven:
        about = "no dead letter is about that" if found.left else "no dead letter can be sent again"
        sent = [("nothing", about)]
    counts = [("redriven", found.redriven), ("left", found.left), ("unreadable", found.unreadable)]
    return [*sent, *counts]
