"""csvgate inspect: names of files in; receipts out. No server, no network, no settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click
from click.exceptions import Exit

from csvgate.cli.console import print_json, print_receipt
from csvgate.cli.exits import REJECTED
from csvgate.cli.html import places, write_page
from csvgate.cli.outfile import STANDARD_OUTPUT
from csvgate.cli.sources import STANDARD_INPUT, checked, opened, watched
from csvgate.core import inspection, receipt
from csvgate.core.contracts.schema import Schema
from csvgate.errors import UsageError
from csvgate.report.words import Receipt
from csvgate.side_by_side import company


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an object for one file, an array for several.")
@click.option("--all", "everything", is_flag=True, help="Show all columns and all noted places.")
@click.option("--html", metavar="FILE", help="Write a page, too: a file, - for standard output, or a directory/.")
@click.option("--contract", metavar="CONTRACT", help="Reject files that break it: a Table Schema, in JSON or YAML.")
def inspect(paths: Sequence[str], *, as_json: bool, everything: bool, html: str | None, contract: str | None) -> None:
    """Inspect CSV files: what they are, and what is wrong where.

    PATH is a file, - for standard input, or s3://bucket/key. Files may be compressed.
    Exit code 1 says that at least one of them was rejected.
    """
    receipts = []
    schema = promised(contract, paths) if contract else None
    for path, page in pages([checked(path) for path in paths], html, as_json=as_json):
        receipts.append(inspected(path, schema))
        if not as_json and page != STANDARD_OUTPUT:
            print_receipt(receipts[-1], everything=everything)
        if page:
            write_page(receipts[-1], page, everything=everything)
    if as_json:
        print_json(receipts[0] if len(receipts) == 1 else receipts)
    if any(found["verdict"] == "rejected" for found in receipts):
        raise Exit(REJECTED)


def pages(paths: Sequence[str], html: str | None, *, as_json: bool) -> Iterable[tuple[str, str | None]]:
    """Each path, and where its page goes if pages are wanted; wrong usage is said before any work is done."""
    if as_json and html == STANDARD_OUTPUT:
        problem = "--json prints on standard output; name a file with --html"
        raise UsageError(problem)
    return zip(paths, places(paths, html) if html else [None] * len(paths), strict=True)


def promised(contract: str, paths: Sequence[str]) -> Schema:
    """What was agreed about the files."""
    from csvgate.cli.contract import schema_in

    if contract == STANDARD_INPUT and STANDARD_INPUT in paths:
        problem = "standard input cannot be both the contract and a file"
        raise UsageError(problem)
    return schema_in(contract)


def inspected(path: str, schema: Schema | None = None) -> Receipt:
    """The receipt of one file: all of it that needs no delivery; with a contract, also what that says of it."""
    with opened(path) as named, watched(named) as source:
        found = inspection.inspect(source, company=company)
        facts: dict[str, Any] = {"filename": named.filename, **named.facts}
        if schema and found.verdict != "rejected":
            from csvgate.cli.contract import judged

            found, facts["reason"] = judged(named, found, schema)
    return receipt.compose(found.to_json(), facts)
