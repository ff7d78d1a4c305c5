"""csvgate reload: a delivery in; its rows in their sink once more, in the place of those that were there, out."""

from __future__ import annotations

import click
from click.exceptions import Exit

from csvgate.cli.console import print_facts, print_json, steps
from csvgate.cli.deliveries import found
from csvgate.cli.exits import REJECTED
from csvgate.cli.session import Session, session_of
from csvgate.delivery import Delivery
from csvgate.delivery_json import facts
from csvgate.errors import UsageError
from csvgate.ports import Ports
from csvgate.report.words import loaded
from csvgate.upkeep.reloading import reload as load_again

UNLOADED = {"rejected", "vanished", "superseded"}
NONE_WAITS = "all that is recorded of this feed is loaded, or it has no rows to load"


@click.command()
@click.argument("name", metavar="[DELIVERY]", required=False)
@click.option("--feed", help="All that is recorded, and that this feed would have in its sink by now.")
@click.option("--prefix", default="", help="With --feed: only objects whose key begins so.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; with --feed an array.")
def reload(name: str | None, *, feed: str | None, prefix: str, as_json: bool) -> None:
    """Load a delivery's rows once more.

    DELIVERY is the key of an object, s3://bucket/key, or the beginning of a delivery id: four digits or more. Its rows
    are loaded as its feed and its contract are now, and take the place of those that were there: after an undo, after
    a contract was changed, or where a feed got its sink only later. Exit code 1 says that nothing was loaded, because
    the file breaks the contract or is not there any more; then everything is as it was.

    With --feed, what arrived before the feed had a sink is loaded, the oldest first; what is loaded already stays.
    """
    if bool(name) == bool(feed):
        problem = "name one delivery, or a feed with --feed"
        raise UsageError(problem)
    session = session_of()
    if feed:
        done = caught_up(session, feed, prefix)
    else:
        with steps("loading"):
            done = [load_again(found(session, str(name)), session.ports)]
    if as_json:
        print_json([facts(each) for each in done] if feed else facts(done[0]))
    else:
        print_facts([(label, text) for each in done for label, text in lines(each)] or [("nothing", NONE_WAITS)])
    if any(each.state in UNLOADED for each in done):
        raise Exit(REJECTED)


def caught_up(session: Session, feed: str, prefix: str) -> list[Delivery]:
    """What was recorded and never loaded, and belongs to the feed, is in its sink; the oldest came first."""
    ports = session.ports
    if feed not in {each.name for each in ports.feeds.feeds if each.sink != "none"}:
        problem = f"there is no feed {feed!r} with a sink"
        raise UsageError(problem)
    keys = ((each, each.arrival.key) for each in ports.view.newest(state="recorded"))
    mine = [each for each, key in keys if key.startswith(prefix) and is_of(key, feed, ports)]
    done = []
    with steps(f"loading what feed {feed} has not") as say:
        for number, delivery in enumerate(reversed(mine), start=1):
            say(f"loading {number:,} of {len(mine):,}")
            done.append(load_again(delivery, ports))
    return done


def is_of(key: str, feed: str, ports: Ports) -> bool:
    """Whether the key belongs to the feed of that name."""
    owner = ports.feeds.of(key)
    return owner is not None and owner.name == feed


def lines(done: Delivery) -> tuple[tuple[str, str], tuple[str, str]]:
    """What became of a delivery, and which it is."""
    return (done.state, told(done)), ("delivery", done.delivery_id)


def told(done: Delivery) -> str:
    """How many rows are where; or why they are not."""
    if done.state == "loaded":
        return f"{done.arrival.key}: {loaded(facts(done)['load'])}"
    return f"{done.arrival.key}: {done.reason or 'a newer version, or none, is in its place'}"
