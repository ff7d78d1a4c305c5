"""csvgate inspect: names of files in; receipts out. No server, no network, no settings."""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.exceptions import Exit

from csvgate.cli.console import print_json, print_receipt
from csvgate.cli.exits import REJECTED
from csvgate.cli.sources import checked, opened, watched
from csvgate.core import inspection, receipt
from csvgate.report.words import Receipt
from csvgate.side_by_side import each


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an object for one file, an array for several.")
@click.option("--all", "everything", is_flag=True, help="Show all columns and all noted places.")
def inspect(paths: Sequence[str], *, as_json: bool, everything: bool) -> None:
    """Inspect CSV files: what they are, and what is wrong where.

    PATH is a file, - for standard input, or s3://bucket/key. Files may be compressed.
    Exit code 1 says that at least one of them was rejected.
    """
    receipts = []
    for path in [checked(path) for path in paths]:
        receipts.append(inspected(path))
        if not as_json:
            print_receipt(receipts[-1], everything=everything)
    if as_json:
        print_json(receipts[0] if len(receipts) == 1 else receipts)
    if any(found["verdict"] == "rejected" for found in receipts):
        raise Exit(REJECTED)


def inspected(path: str) -> Receipt:
    """The receipt of one file: all of it that needs no delivery."""
    with opened(path) as named, watched(named) as source:
        return receipt.compose(
            inspection.inspect(source, each=each).to_json(), {"filename": named.filename, **named.facts}
        )
