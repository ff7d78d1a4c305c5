"""csvgate put: files in; versions of objects in the bucket, and with --wait their receipts, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.exceptions import Exit

from csvgate.cli.console import print_json, print_lines, print_receipt, progress, steps
from csvgate.cli.exits import exit_code
from csvgate.cli.following import followed
from csvgate.cli.session import Door, Session, door_of, session_of
from csvgate.cli.sources import STANDARD_INPUT, checked, on_disk
from csvgate.delivery import Arrival
from csvgate.errors import UsageError
from csvgate.pipeline.story import receipt_of
from csvgate.report.words import Receipt, count


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--key", help="The object's key, if it is not the file's name; a folder if it ends in a slash.")
@click.option("--wait", is_flag=True, help="Wait until the files are inspected and recorded; print their receipts.")
@click.option("--timeout", type=float, default=60, show_default=True, help="With --wait: how many seconds at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an object for one file, an array for several.")
def put(paths: Sequence[str], *, key: str | None, wait: bool, timeout: float, as_json: bool) -> None:
    """Upload files; with --wait, print their receipts.

    PATH is a file, or - for standard input (then --key is needed).
    With --wait, exit code 1 says that at least one of them was rejected.
    """
    named = named_objects(paths, key)
    if not wait:
        door = door_of()
        tell_uploaded([uploaded(door, path, object_key) for path, object_key in named], as_json=as_json)
        return
    session = session_of()
    since = session.ports.clock()
    arrivals = [uploaded(session, path, object_key) for path, object_key in named]
    receipts = []
    for receipt in receipts_of(session, arrivals, since=since, timeout=timeout):
        receipts.append(receipt)
        if not as_json:
            print_receipt(receipt)
    if as_json:
        print_json(in_order(receipts, arrivals) if len(paths) > 1 else receipts[0])
    raise Exit(exit_code(receipts))


def named_objects(paths: Sequence[str], key: str | None) -> list[tuple[str, str]]:
    """Each file with the key under which it goes; no file takes another's place."""
    named = [(checked(path), key_of(path, key, alone=len(paths) == 1)) for path in paths]
    first: dict[str, str] = {}
    for path, object_key in named:
        if object_key in first:
            problem = f"{first[object_key]!r} and {path!r} would both be {object_key!r}; put them one by one with --key"
            raise UsageError(problem)
        first[object_key] = path
    return named


def key_of(path: str, key: str | None, *, alone: bool) -> str:
    """Where the file goes: under its own name, in the folder or under the key that was asked for."""
    if path.startswith("s3://"):
        problem = f"{path} is in a bucket already; put takes files"
        raise UsageError(problem)
    if path == STANDARD_INPUT and (not key or key.endswith("/")):
        problem = "standard input has no name; give it one with --key"
        raise UsageError(problem)
    if not key or key.endswith("/"):
        return (key or "") + Path(path).name
    if not alone:
        problem = f"several files cannot all be {key!r}; end --key in a slash to name a folder"
        raise UsageError(problem)
    return key


def uploaded(door: Door | Session, path: str, key: str) -> Arrival:
    """The file is in the bucket; the answer says as which version."""
    with on_disk(path) as file, progress(key, file.stat().st_size) as advance:
        return door.upload(file, door.bucket, key, advance)


def tell_uploaded(arrivals: Sequence[Arrival], *, as_json: bool) -> None:
    """What was put where."""
    if as_json:
        told = [put_facts(arrival) for arrival in arrivals]
        print_json(told if len(told) > 1 else told[0])
    else:
        print_lines((f"s3://{arrival.bucket}/{arrival.key}", arrival.version_id) for arrival in arrivals)


def put_facts(arrival: Arrival) -> dict[str, Any]:
    """The version; its delivery id only where the version tells it."""
    facts = {name: getattr(arrival, name) for name in ("bucket", "key", "version_id", "etag", "size")}
    return facts | ({"delivery_id": arrival.delivery_id} if arrival.version_id else {})


def receipts_of(session: Session, arrivals: Sequence[Arrival], *, since: datetime, timeout: float) -> Iterator[Receipt]:
    """The receipt of each upload, as soon as there is one."""
    with steps(f"waiting for {count(len(arrivals), 'receipt')}") as say:
        deliveries = followed(arrivals, session.ports.view, since=since, timeout=timeout)
        for number, delivery in enumerate(deliveries, start=1):
            say(f"waiting for {count(len(arrivals) - number, 'receipt')}")
            yield receipt_of(delivery, session.ports.objects)


def in_order(receipts: Sequence[Receipt], arrivals: Sequence[Arrival]) -> list[Receipt]:
    """The receipts in the order of the arguments, not in that in which they came."""
    place = {(arrival.key, arrival.version_id): number for number, arrival in enumerate(arrivals)}
    return sorted(receipts, key=lambda receipt: place[receipt["key"], receipt.get("version_id")])
