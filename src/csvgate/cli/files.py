"""csvgate inspect and sniff: names of files in; receipts, or dialects, out. No server, no network, no settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.exceptions import Exit

from csvgate.cli import words
from csvgate.cli.console import print_facts, print_json, print_receipt
from csvgate.cli.exits import REJECTED
from csvgate.cli.sources import NamedSource, checked, opened, watched
from csvgate.cli.words import Receipt
from csvgate.core import inspection, receipt
from csvgate.core.reading import NoCsv, open_text


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
        return receipt.compose(inspection.inspect(source).to_json(), {"filename": named.filename, **named.facts})


@click.command()
@click.argument("path", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the dialect in the names of CSVW.")
def sniff(path: str, *, as_json: bool) -> None:
    """Show how a CSV file is written.

    PATH is a file, - for standard input, or s3://bucket/key. Its first bytes tell the
    encoding, the delimiter, the quotes and the header; csvgate inspect reads all of it.
    """
    with opened(checked(path)) as named:
        found = sniffed(named)
    if as_json:
        print_json(found)
    elif found["dialect"]:
        how = words.written_as(found["dialect"])
        print_facts([("filename", named.filename), ("written as", how), ("confidence", f"{found['confidence']:.0%}")])
    else:
        print_facts([("filename", named.filename), ("rejected", found["reason"])])
    if not found["dialect"]:
        raise Exit(REJECTED)


def sniffed(named: NamedSource) -> dict[str, Any]:
    """The dialect with its rivals; or null, and what the file is instead."""
    text = open_text(named.source)
    if isinstance(text, NoCsv):
        return {"filename": named.filename, "dialect": None, "reason": f"the file is {text.kind or 'empty'}"}
    found = text.sniffed
    rivals = [{"delimiter": delimiter, "score": score} for delimiter, score in found.rivals]
    dialect = found.dialect.to_json()
    return {"filename": named.filename, "dialect": dialect, "confidence": found.confidence, "rivals": rivals}
