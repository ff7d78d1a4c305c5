"""csvgate logs: a moment in; what the functions logged since then out, as a page to read or as JSON lines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from csvgate.cli.console import on_terminal, terminal
from csvgate.cli.moments import moment
from csvgate.cli.session import session_of
from csvgate.core.durations import WRITTEN
from csvgate.report.escape import to_json
from csvgate.telemetry.emf import BEGINNING

if TYPE_CHECKING:
    from csvgate.aws.logs import LogEvent

PAUSE_SECONDS = 1.0
# Lines arrive in any order within a while: that far back is read again, and told only once.
OVERLAP = timedelta(seconds=30)
# Lines for machines: what the runtime says of each call, and the figures that CloudWatch makes metrics of.
OF_RUNTIME = ("INIT_START ", "START RequestId:", "END RequestId:", "REPORT RequestId:", BEGINNING)

Read = Callable[[datetime], Iterator["LogEvent"]]


@click.command()
@click.option("--since", default="1h", show_default=True, help=f"How far back: {WRITTEN}, or a time in ISO 8601.")
@click.option("--follow", "-f", is_flag=True, help="Go on with what is logged from now on, until Ctrl-C.")
@click.option("--runtime", is_flag=True, help="Also start, end and duration of each call, and its figures.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line, as in a pipe.")
def logs(*, since: str, follow: bool, runtime: bool, as_json: bool) -> None:
    """Show what the functions logged."""
    session = session_of()
    start = moment(since, session.ports.clock())
    events = followed(session.logs, start, time.sleep) if follow else session.logs(start)
    wanted = (event for event in events if runtime or not event.message.startswith(OF_RUNTIME))
    if as_json or not on_terminal():
        for event in wanted:
            click.echo(json_line(event))
        return
    from csvgate.cli.logpage import log_line

    console = terminal()
    for event in wanted:
        console.print(log_line(event.time, event.group, fields_of(event.message)), soft_wrap=True)


def followed(read: Read, since: datetime, sleep: Callable[[float], None]) -> Iterator[LogEvent]:
    """Every event once, for ever."""
    told: set[LogEvent] = set()
    while True:
        fresh = [event for event in read(since) if event not in told]
        yield from fresh
        told.update(fresh)
        since = max([since, *(event.time - OVERLAP for event in fresh)])
        told = {event for event in told if event.time >= since}
        sleep(PAUSE_SECONDS)


def fields_of(message: str) -> Mapping[str, Any]:
    """What the functions log are JSON objects; a line of the runtime itself is a message and nothing else."""
    try:
        fields = json.loads(message)
    except ValueError:
        fields = None
    return fields if isinstance(fields, dict) else {"message": message}


def json_line(event: LogEvent) -> str:
    """The event as one line of JSON; where it came from is added if it does not say so itself."""
    place = {"time": event.time.isoformat(), "function": event.group.rpartition("/")[2]}
    return to_json({**place, **fields_of(event.message)}, indent=None)
