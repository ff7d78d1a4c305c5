"""csvgate redrive: dead letters in; those that are wanted on their way again, and how many, out."""

from __future__ import annotations

from collections.abc import Sequence

import click

from csvgate.cli.console import on_terminal, print_facts, print_json, print_lines, steps
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
    these keys or deliveries; of an id the beginning is enough, four digits or more. Safe at any time, any number of
    times. Messages that nobody can read stay where they are.
    """
    session = session_of()
    if not session.dead_letters:
        raise UsageError(NAMELESS)
    with steps("reading the dead-letter queues"):
        found = send_again(session.dead_letters, Wish(names=frozenset(names), reason=reason), session.ports)
    if as_json:
        print_json(found.to_json())
    elif on_terminal():
        print_facts([*told(found), *counts(found)])
    else:
        print_lines([*lines(found), *counts(found)])


def told(found: Redriven) -> list[tuple[str, object]]:
    """What was sent again, to which stage and why it was there, as a person reads it."""
    if not found.redriven:
        return nothing(found)
    whys = (f": {each['reason']}" if each["reason"] else "" for each in found.first)
    return [("sent", f"{each['key']}, to {each['stage']}{why}") for each, why in zip(found.first, whys, strict=True)]


def lines(found: Redriven) -> Sequence[tuple[object, ...]]:
    """What was sent again, part by part."""
    if not found.redriven:
        return nothing(found)
    return [("sent", each["stage"], each["key"], each["delivery_id"], each["reason"]) for each in found.first]


def nothing(found: Redriven) -> list[tuple[str, object]]:
    """That nothing was sent again, and why."""
    return [("nothing", "no dead letter is about that" if found.left else "no dead letter can be sent again")]


def counts(found: Redriven) -> list[tuple[str, object]]:
    """How many there were of each kind."""
    return [("redriven", found.redriven), ("left", found.left), ("unreadable", found.unreadable)]
