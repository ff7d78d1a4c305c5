"""csvgate ls and show: what to look for in; deliveries, newest first, or one receipt out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import get_args

import click

from csvgate.cli.console import on_terminal, print_json, print_lines, print_receipt, terminal
from csvgate.cli.session import Session, session_of
from csvgate.cli.sources import S3
from csvgate.core.findings import Verdict
from csvgate.delivery_json import facts, instant
from csvgate.errors import UsageError
from csvgate.pipeline import receipt_of
from csvgate.ports import Delivery, State

# A delivery id may be cut: among so many of the newest it is looked for.
LOOKED_THROUGH = 1000
WHOLE_ID = 64
_ID = re.compile(r"[0-9a-f]{6,64}")


@click.command()
@click.option("--state", type=click.Choice(get_args(State)), help="Only deliveries in this state.")
@click.option("--verdict", type=click.Choice(get_args(Verdict)), help="Only files that were judged so.")
@click.option("--day", metavar="YYYY-MM-DD", help="Only files that were uploaded on this day (UTC).")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ls(*, state: State | None, verdict: Verdict | None, day: str | None, limit: int, as_json: bool) -> None:
    """List deliveries, newest first."""
    if day and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        problem = f"{day!r} is no day; write it as YYYY-MM-DD"
        raise UsageError(problem)
    newest = session_of().ports.view.newest(state=state, verdict=verdict, day=day)
    print_deliveries(list(islice(newest, limit)), as_json=as_json)


@click.command()
@click.argument("name", metavar="KEY_OR_ID")
@click.option("--history", is_flag=True, help="List all deliveries of the key instead.")
@click.option("--all", "everything", is_flag=True, help="Show all columns and all noted places.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(name: str, *, history: bool, everything: bool, as_json: bool) -> None:
    """Show the receipt of an object or a delivery.

    KEY_OR_ID is the key of an object, s3://bucket/key, or the beginning of a delivery id.
    """
    session = session_of()
    delivery = found(session, name)
    if history:
        past = session.ports.view.history(delivery.arrival.bucket, delivery.arrival.key)
        print_deliveries(list(past), as_json=as_json)
        return
    receipt = receipt_of(delivery, session.ports.objects)
    if as_json:
        print_json(receipt)
    else:
        print_receipt(receipt, everything=everything)


def found(session: Session, name: str) -> Delivery:
    """The delivery of that name: the newest of the key, or the one with the id."""
    bucket, key = session.bucket, name
    if name.startswith(S3):
        bucket, _, key = name.removeprefix(S3).partition("/")
    delivery = session.ports.catalog.head(bucket, key) or by_id(session, name)
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


def print_deliveries(deliveries: Sequence[Delivery], *, as_json: bool) -> None:
    """One line per delivery."""
    if as_json:
        print_json([facts(delivery) for delivery in deliveries])
    elif on_terminal():
        from csvgate.cli.listing import delivery_table

        console = terminal()
        console.print(delivery_table(deliveries, width=console.width))
    else:
        print_lines(rows(deliveries))


def rows(deliveries: Iterable[Delivery]) -> Iterable[Sequence[object]]:
    """Time, state, verdict, key, rows, columns, bytes and id, for a pipe."""
    for delivery in deliveries:
        shape = (delivery.row_count, delivery.column_count, delivery.file_size_bytes)
        name = delivery.arrival.key
        yield instant(delivery.upload_timestamp), delivery.state, delivery.verdict, name, *shape, delivery.delivery_id
