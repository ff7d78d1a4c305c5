"""csvgate verify: a receipt and a file in; what is true of the receipt, fact by fact, out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Literal

import click
from click.exceptions import Exit

from csvgate.cli.console import on_terminal, print_json, print_lines, terminal
from csvgate.cli.exits import DIFFERS
from csvgate.cli.sources import STANDARD_INPUT, NamedSource, checked, opened, watched
from csvgate.core import inspection
from csvgate.core.tally import excerpt_of
from csvgate.core.verification import Check
from csvgate.core.verification import verify as compared
from csvgate.errors import UsageError
from csvgate.report import words
from csvgate.report.words import Receipt
from csvgate.side_by_side import company

# A receipt is read whole; one of the widest table is smaller than this.
LARGEST = 512 * 1024 * 1024


@click.command()
@click.argument("receipt", type=click.Path())
@click.argument("file", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON; `agrees` says whether all is as the receipt says.")
def verify(receipt: str, file: str, *, as_json: bool) -> None:
    """Count a file again, and compare it with its receipt.

    Hash, size, rows, columns, names, the verdict, the findings by code and count, the byte
    ledger, the dialect, and all exact figures of the columns. RECEIPT is JSON as csvgate inspect
    or show prints it, or the document in the results bucket; FILE is what it is about. Each is a
    file, - for standard input, or s3://bucket/key. What a contract found is not judged again.
    Exit code 1 says that something differs, or is not stated at all.
    """
    if receipt == file == STANDARD_INPUT:
        problem = "standard input cannot be both the receipt and the file"
        raise UsageError(problem)
    checked(file)
    with opened(checked(receipt)) as paper, opened(file) as named:
        stated = receipt_in(paper, named.filename)
        with watched(named) as source:
            checks = compared(stated, inspection.inspect(source, company=company).to_json())
    if not checks:
        problem = f"{receipt!r} states nothing that can be counted: it is no receipt of an inspected file"
        raise UsageError(problem)
    tell(named.filename, checks, as_json=as_json)
    if not all(check.agrees for check in checks):
        raise Exit(DIFFERS)


def receipt_in(paper: NamedSource, filename: str) -> Receipt:
    """The receipt that a document holds; of several, the one for the file of that name."""
    if paper.size > LARGEST:
        problem = f"{paper.filename!r} is too large to be a receipt"
        raise UsageError(problem)
    try:
        document = json.loads(b"".join(paper.source()))
    except ValueError as exc:
        problem = f"{paper.filename!r} is no JSON, so it is no receipt: {exc}"
        raise UsageError(problem) from None
    receipts = [part for part in document if isinstance(part, dict)] if isinstance(document, list) else [document]
    if len(receipts) > 1:
        receipts = [part for part in receipts if part.get("filename") == filename]
    if len(receipts) != 1 or not isinstance(receipts[0], dict):
        problem = f"{paper.filename!r} holds no receipt" + (f" of {filename!r}" if isinstance(document, list) else "")
        raise UsageError(problem)
    return receipts[0]


def tell(filename: str, checks: Sequence[Check], *, as_json: bool) -> None:
    """JSON for a program; the verdict and what differs on a terminal; the verdict and every fact in a pipe."""
    agrees = all(check.agrees for check in checks)
    if as_json:
        print_json({"filename": filename, "agrees": agrees, "checks": [check.to_json() for check in checks]})
    elif on_terminal():
        from csvgate.cli.verifypage import verify_page

        differences = [(check.name, *sides(check)) for check in checks if not check.agrees]
        terminal().print(verify_page(sentence(filename, checks), differences))
    else:
        verdict = ("verdict", "agrees" if agrees else "differs", sentence(filename, checks))
        print_lines([verdict, *(row(check) for check in checks)])


def sentence(filename: str, checks: Sequence[Check]) -> str:
    """What to know before anything else: whether this is the file of the receipt, and what differs."""
    name = words.name_of({"filename": filename})
    different = [check.name for check in checks if check.is_stated and not check.agrees]
    unstated = [check.name for check in checks if not check.is_stated]
    wrong = "; ".join([*_said(different, "differ"), *_said(unstated, "not stated")])
    if not wrong:
        return f"{name} is as its receipt says: {_all_facts(len(checks))}."
    if not different:
        return f"{name} is not proven by this receipt: {wrong}."
    if "sha256" in different:
        return f"{name} is not the file of this receipt: {wrong}."
    if any(check.name == "sha256" and check.agrees for check in checks):
        return f"{name} is the file of this receipt, which is not true of it: {wrong}."
    return f"{name} is not as this receipt says: {wrong}."


def _all_facts(number: int) -> str:
    return "the only fact in it agrees" if number == 1 else f"all {number} facts agree"


def _said(names: Sequence[str], what: Literal["differ", "not stated"]) -> Iterator[str]:
    """That of all these facts; first of the hash, which counts most."""
    if not names:
        return
    first = "sha256" if "sha256" in names else names[0]
    one, several = ("differs", "differ") if what == "differ" else ("is not stated", "are not stated")
    others = len(names) - 1
    yield f"the {first} and {words.count(others, 'other fact')} {several}" if others else f"the {first} {one}"


def row(check: Check) -> tuple[str, str, str, str]:
    """One line for a pipe."""
    if check.agrees:
        return "agrees", check.name, shown(check.expected), ""
    return "differs" if check.is_stated else "not stated", check.name, *sides(check)


def sides(check: Check) -> tuple[str, str]:
    """What the receipt says and what the file says; of many things only the first in which they differ."""
    expected, found = check.expected, check.found
    if not check.is_stated:
        return "not stated" if expected is None else f"not stated: {excerpt_of(json.dumps(expected))}", shown(found)
    if isinstance(expected, list) and isinstance(found, list):
        return first_difference(expected, found, "column" if check.name == "column_names" else "number")
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        name = next(name for name in [*expected, *found] if expected.get(name) != found.get(name))
        return f"{name}: {shown(expected.get(name))}", f"{name}: {shown(found.get(name))}"
    return shown(expected), shown(found)


def shown(value: Any) -> str:  # noqa: ANN401  a receipt may hold anything
    """A value in a few characters."""
    if isinstance(value, list | Mapping):
        return excerpt_of(json.dumps(value, ensure_ascii=False))
    return f"{value:,}" if type(value) is int else str(value if value is not None else "none")


def first_difference(expected: Sequence[Any], found: Sequence[Any], what: str = "column") -> tuple[str, str]:
    """The first item, such as a column, in which two lists part."""
    pairs = enumerate(zip_longest(expected, found), start=1)
    number, sides = next((number, pair) for number, pair in pairs if pair[0] != pair[1])
    wanted, there = map(shown, sides)
    return f"{what} {number}: {wanted}", f"{what} {number}: {there}"
