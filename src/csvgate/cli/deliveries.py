"""csvgate ls and show: what to look for in; deliveries, newest first, or one receipt out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice, takewhile
from typing import TypedDict, Unpack, get_args

import click
from click.exceptions import Exit

from csvgate.cli.console import on_terminal, print_json, print_lines, print_receipt, terminal
from csvgate.cli.exits import exit_code
from csvgate.cli.html import places, write_page
from csvgate.cli.moments import moment
from csvgate.cli.session import Session, session_of
from csvgate.cli.sources import S3
from csvgate.core.durations import WRITTEN
from csvgate.core.findings import Verdict
from csvgate.delivery import Arrival, Delivery, State
from csvgate.delivery_json import facts, instant
from csvgate.errors import NoSuchBucket, UsageError
from csvgate.pipeline.story import receipt_of
from csvgate.report import words

# A delivery id may be cut: among so many of the newest it is looked for.
LOOKED_THROUGH = 1000
WHOLE_ID = 64
LEAST_OF_ID = 4
_ID = re.compile(rf"[0-9a-f]{{{LEAST_OF_ID},{WHOLE_ID}}}")


class Wanted(TypedDict):
    """Which deliveries to list, as the options have it."""

    state: State | None
    verdict: Verdict | None
    day: str | None
    prefix: str
    since: str | None


@click.command()
@click.option("--state", type=click.Choice(get_args(State)), help="Only deliveries in this state.")
@click.option("--verdict", type=click.Choice(get_args(Verdict)), help="Only files that were judged so.")
@click.option("--day", metavar="YYYY-MM-DD", help="Only files that were uploaded on this day (UTC).")
@click.option("--prefix", default="", help="Only objects whose key begins so.")
@click.option("--since", metavar="TIME", help=f"Only uploads since a time in ISO 8601, or {WRITTEN} ago.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ls(*, limit: int, as_json: bool, **wanted: Unpack[Wanted]) -> None:
    """List deliveries, newest first."""
    session = session_of()
    chosen = list(islice(newest(session, **wanted), limit + 1))
    print_deliveries(chosen[:limit], own=session.bucket, as_json=as_json)
    if len(chosen) > limit:
        click.echo(f"there are more; --limit {10 * limit} shows them, or most of them", err=True)


def newest(session: Session, **wanted: Unpack[Wanted]) -> Iterator[Delivery]:
    """The deliveries that are wanted, newest first."""
    day, since, prefix = wanted["day"], wanted["since"], wanted["prefix"]
    if day and not is_day(day):
        problem = f"{day!r} is no day; write it as YYYY-MM-DD"
        raise UsageError(problem)
    found = session.ports.view.newest(state=wanted["state"], verdict=wanted["verdict"], day=day)
    if since:
        start = moment(since, session.ports.clock())
        found = takewhile(lambda delivery: delivery.upload_timestamp >= start, found)
    return (delivery for delivery in found if delivery.arrival.key.startswith(prefix))


def is_day(text: str) -> bool:
    """Whether the calendar has it, and it is written as the catalog writes days."""
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False


@click.command()
@click.argument("name", metavar="KEY_OR_ID")
@click.option("--history", is_flag=True, help="List all deliveries of the key instead.")
@click.option("--all", "everything", is_flag=True, help="Show all columns and all noted places.")
@click.option("--html", metavar="FILE", help="Write a page instead: a file, - for standard output, or a directory/.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(name: str, *, history: bool, everything: bool, html: str | None, as_json: bool) -> None:
    """Show the receipt of an object or a delivery.

    KEY_OR_ID is the key of an object, s3://bucket/key, or the beginning of a delivery id: four digits or more.
    Exit code 1 says that the file was rejected, 3 that csvgate failed on it.
    """
    if html and (history or as_json):
        problem = "--html writes the page of one receipt, in place of --history or --json"
        raise UsageError(problem)
    session = session_of()
    delivery = found(session, name)
    if history:
        print_deliveries(past(session, delivery.arrival), own=session.bucket, as_json=as_json)
        return
    receipt = receipt_of(delivery, session.ports.objects)
    if html:
        write_page(receipt, *places([delivery.arrival.key], html), everything=everything)
    elif as_json:
        print_json(receipt)
    else:
        print_receipt(receipt, everything=everything)
    raise Exit(exit_code([receipt]))


def found(session: Session, name: str) -> Delivery:
    """The delivery of that name: the newest of the key, or the one with the id."""
    bucket, key = session.bucket, name
    if name.startswith(S3):
        bucket, _, key = name.removeprefix(S3).partition("/")
    delivery = session.ports.catalog.head(bucket, key) or by_id(session, name)
    # What never became the head of its key (it vanished, or is in work) is in the history alone.
    delivery = delivery or next(session.ports.view.history(bucket, key), None)
    if delivery is None:
        problem = f"there is no delivery of {name!r}; csvgate ls lists those that there are"
        raise UsageError(problem)
    return delivery


def by_id(session: Session, name: str) -> Delivery | None:
    """The delivery whose id begins so; an id that is cut must be among the newest, and only one may begin so."""
    if not _ID.fullmatch(name):
        return None
    if len(name) == WHOLE_ID:
        return session.ports.catalog.get(name)
    newest = islice(session.ports.view.newest(), LOOKED_THROUGH)
    matching = [delivery for delivery in newest if delivery.delivery_id.startswith(name)]
    if len(matching) > 1:
        problem = f"{len(matching)} deliveries begin with {name!r}; write more of the id"
        raise UsageError(problem)
    return matching[0] if matching else None


def past(session: Session, arrival: Arrival) -> list[Delivery]:
    """All deliveries of the key, newest first; what came within one second stands as the store lists its versions.

    Upload times are known to the second, and what a reconciliation found has no sequencer.
    """
    history = list(session.ports.view.history(arrival.bucket, arrival.key))
    if all(delivery.arrival.order for delivery in history):
        return history
    place: dict[str | None, int] = {}
    with suppress(NoSuchBucket):
        listed = session.ports.objects.versions(arrival.bucket, arrival.key)
        of_key = takewhile(lambda version: version.key == arrival.key, listed)
        place = {version.version_id: number for number, version in enumerate(of_key)}

    def age(delivery: Delivery) -> tuple[float, int]:
        return -delivery.upload_timestamp.timestamp(), place.get(delivery.arrival.version_id, len(place))

    return sorted(history, key=age)


def print_deliveries(deliveries: Sequence[Delivery], *, own: str, as_json: bool) -> None:
    """One line per delivery; `own` is the bucket that need not be named."""
    if as_json:
        print_json([facts(delivery) for delivery in deliveries])
    elif on_terminal():
        from csvgate.cli.listing import delivery_table

        console = terminal()
        console.print(delivery_table(deliveries, own=own, width=console.width))
    else:
        print_lines(rows(deliveries, own=own))


def rows(deliveries: Iterable[Delivery], *, own: str) -> Iterable[Sequence[object]]:
    """Time, state, verdict, key, rows, columns, bytes and id, for a pipe."""
    for delivery in deliveries:
        shape = (delivery.row_count, delivery.column_count, delivery.file_size_bytes)
        name = words.address(delivery.arrival.bucket, delivery.arrival.key, own=own)
        yield instant(delivery.upload_timestamp), delivery.state, delivery.verdict, name, *shape, delivery.delivery_id
