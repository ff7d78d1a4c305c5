"""csvgate reconcile: a bucket in; how it differs from the catalog out, and what is missing on its way."""

from __future__ import annotations

import click
from click.exceptions import Exit

from csvgate.cli.console import on_terminal, print_json, print_lines, steps, terminal
from csvgate.cli.differences import lines
from csvgate.cli.exits import DIFFERS
from csvgate.cli.session import session_of
from csvgate.core.durations import WRITTEN, duration
from csvgate.errors import UsageError
from csvgate.upkeep.reconcile import reconcile as compare
from csvgate.upkeep.reconciliation import Order


@click.command()
@click.option("--prefix", show_default="CSVGATE_KEY_PREFIX", help="Only objects whose key begins so.")
@click.option(
    "--grace",
    default="15m",
    show_default=True,
    help=f"How long an upload may be on its way before it counts as missing: {WRITTEN}, or 0.",
)
@click.option("--retry-failed", is_flag=True, help="Also put failed deliveries on the queue again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; `agrees` says whether all is as it should be.")
def reconcile(*, prefix: str | None, grace: str, retry_failed: bool, as_json: bool) -> None:
    """Compare the bucket and the sinks with the catalog.

    Compared are all versions in the bucket with the deliveries in the catalog, the head of each key with the latest
    version, and each load in the ledger of a sink with what the catalog says of it and with a count of its rows there.
    Not compared: cell by cell, and what was recorded before its feed had a sink, which csvgate reload --feed loads.
    What was never seen is put on the arrivals queue, what a sink knows better is put right in the catalog, rows are
    counted in their sink, and what differs is reported. Safe at any time, any number of times.
    Feeds of which no file came for longer than they say (expect_every) are named as silent, and are no difference.
    Exit code 1 says that something differed, even if it is on its way now.
    """
    patience = duration(grace)
    if patience is None:
        problem = f"{grace!r} is no duration; write {WRITTEN}"
        raise UsageError(problem)
    session = session_of()
    order = Order(
        bucket=session.bucket,
        key_prefix=session.key_prefix,
        prefix=prefix,
        grace=patience,
        retry_failed=retry_failed,
    )
    with steps("comparing") as say:
        found = compare(order, session.ports, session.enqueue, lambda number: say(f"{number:,} versions compared"))
    if as_json:
        print_json(found.to_json())
    elif on_terminal():
        from csvgate.cli.reconciliation import reconciliation_page

        terminal().print(reconciliation_page(found))
    else:
        print_lines(lines(found))
    if not found.agrees:
        raise Exit(DIFFERS)
