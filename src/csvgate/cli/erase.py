"""csvgate erase: a delivery in; what was removed of it, and what could not be, out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import click
from click.exceptions import Exit

from csvgate.cli.console import print_facts, print_json, steps
from csvgate.cli.deliveries import found
from csvgate.cli.exits import SYSTEM_FAILED
from csvgate.cli.session import Session, session_of
from csvgate.delivery import Delivery
from csvgate.delivery_json import instant
from csvgate.errors import UsageError
from csvgate.report.escape import escaped
from csvgate.report.words import count
from csvgate.upkeep.erasing import Erasure
from csvgate.upkeep.erasing import erase as remove

# So many deliveries of a key are named.
NAMED = 10


@click.command()
@click.argument("name", metavar="DELIVERY")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def erase(name: str, *, yes: bool, as_json: bool) -> None:
    """Remove a delivery everywhere, for good.

    DELIVERY is the key of an object, s3://bucket/key, or the beginning of a delivery id: four digits or more; of a key
    with several versions, only the id will do. Its rows, its inspection and quarantine, and the version of the object
    go; what stays says which object it was, and who has erased it when. Nothing brings it back.

    Where something cannot be removed, the rest is, the answer says why, and the exit code is 3: erase it once more.
    """
    session = session_of()
    delivery = the_only(session, name)
    confirm(delivery, yes=yes)
    with steps("erasing"):
        removed = remove(delivery, session.words, session.ports, whoever())
    if as_json:
        print_json(as_document(removed))
    else:
        print_facts([*lines(removed)])
    if removed.left:
        raise Exit(SYSTEM_FAILED)


def the_only(session: Session, name: str) -> Delivery:
    """The delivery of that name; a key that had several files names none of them."""
    delivery = found(session, name)
    arrival = delivery.arrival
    if delivery.delivery_id.startswith(name):
        return delivery
    history = session.ports.view.history(arrival.bucket, arrival.key)
    files = [each for each in history if each.arrival.kind == "created"]
    if len(files) > 1:
        known = [f"  {each.delivery_id}  {instant(each.upload_timestamp)}  {each.state}" for each in files[:NAMED]]
        more = [f"  and {len(files) - NAMED:,} more: csvgate show --history"] if len(files) > NAMED else []
        problem = "\n".join([f"there are {len(files):,} deliveries of {name!r}; name one by its id:", *known, *more])
        raise UsageError(problem)
    return files[0] if files else delivery


def confirm(delivery: Delivery, *, yes: bool) -> None:
    """Somebody wants it; UsageError where nobody can be asked, Abort if he does not."""
    if yes:
        return
    if not at_terminal():
        problem = "nothing brings back what is erased, and nobody is here to be asked; --yes says that it is meant"
        raise UsageError(problem)
    which = f"{delivery.arrival.key}, uploaded {instant(delivery.upload_timestamp)}, {delivery.state}"
    click.confirm(f"Erase {escaped(which)}, with its rows and the file itself, for good?", abort=True, err=True)


def at_terminal() -> bool:
    """Somebody can be asked."""
    return sys.stdin.isatty()


def whoever() -> str:
    """The user of this machine, as the tombstone names him."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return "an unknown user"


def as_document(removed: Erasure) -> dict[str, object]:
    """What was removed, for programs."""
    delivery = removed.delivery
    return {
        "delivery_id": delivery.delivery_id,
        "bucket": delivery.arrival.bucket,
        "key": delivery.arrival.key,
        "state": delivery.state,
        "rows_removed": removed.rows,
        "documents_removed": removed.documents,
        "objects_removed": removed.objects,
        "notices_removed": removed.words,
        "not_removed": removed.left,
    }


def lines(removed: Erasure) -> Iterator[tuple[str, str]]:
    """The same, for people."""
    delivery = removed.delivery
    yield delivery.state, delivery.arrival.key + (f", {delivery.reason}" if delivery.reason else "")
    yield "delivery", delivery.delivery_id
    for kind, rows in removed.rows.items():
        if rows:
            yield "removed", f"{count(rows, 'row')} from {kind}"
    yield "removed", count(removed.documents, "document")
    yield "removed", f"{count(removed.objects, 'version')} of the object"
    if removed.words:
        yield "removed", f"{count(removed.words, 'notice')} that nobody had heard yet"
    for what, why in removed.left.items():
        yield "not removed", f"{what}: {why}"
