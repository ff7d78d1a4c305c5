"""A stack whose emulator was killed in; what it forgot on its way again, and a line that says how much, out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from csvgate.cli.console import steps
from csvgate.cli.session import Session
from csvgate.local import emulator
from csvgate.report.words import count
from csvgate.upkeep.reconcile import reconcile
from csvgate.upkeep.reconciliation import Order, Reconciliation


def recover(session: Session, directory: Path) -> None:
    """Every object that survived the emulator has its delivery, or is on the queue; nothing is done twice."""
    if not emulator.was_cut_off(directory):
        return
    # Whatever key prefix the settings name, a local stack is told of every key.
    with steps("the emulator did not stop cleanly: comparing the bucket with the catalog"):
        found = reconcile(Order(bucket=session.bucket, grace=timedelta(0)), session.ports, session.enqueue)
    emulator.recovered(directory)
    click.echo(told(found), err=True)


def told(found: Reconciliation) -> str:
    """What a reader has to know: the emulator lost the catalog, not the files."""
    survived = f"the emulator did not stop cleanly; {count(found.versions, 'object version')} survived"
    return f"{survived}, and {found.enqueued:,} that the catalog had lost are on the queue again"
