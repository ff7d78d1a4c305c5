"""What a command has to say in; a page for a terminal, lines for a pipe, or JSON for a program out.

rich is imported only where a terminal is written to: in a pipe nobody waits for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from csvgate.cli import plain
from csvgate.report.escape import escaped, to_json
from csvgate.report.words import Receipt

if TYPE_CHECKING:
    from rich.console import Console

Advance = Callable[[int], None]
WORTH_A_BAR = 16_000_000


def on_terminal() -> bool:
    """A person is looking at standard output."""
    return sys.stdout.isatty()


def terminal(*, stderr: bool = False) -> Console:
    """A console that takes nothing in the text for markup, emoji or numbers to be coloured."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def print_json(value: object) -> None:
    """One JSON document."""
    click.echo(to_json(value))


def print_lines(rows: Iterable[Sequence[object]]) -> None:
    """One line per row, tabs between the parts."""
    for row in rows:
        click.echo(plain.line(row))


def print_receipt(receipt: Receipt, *, everything: bool = False) -> None:
    """The receipt as a page on a terminal, as lines in a pipe."""
    if not on_terminal():
        print_lines(plain.receipt_lines(receipt))
        return
    from csvgate.cli.page import receipt_page

    console = terminal()
    console.print(receipt_page(receipt, width=console.width, everything=everything))


def print_brief(receipt: Receipt) -> None:
    """What matters most of the receipt."""
    if not on_terminal():
        print_lines(plain.brief_lines(receipt))
        return
    from csvgate.cli.page import brief_page

    terminal().print(brief_page(receipt))


def print_table(rows: Sequence[Sequence[Any]], titles: Sequence[str], *, right: Sequence[str] = ()) -> None:
    """The rows under their titles on a terminal; without titles in a pipe."""
    if not on_terminal():
        print_lines(rows)
        return
    from csvgate.cli.page import plain_table

    terminal().print(plain_table(rows, titles, right))


def note(text: str) -> None:
    """A line for the person at the terminal, on standard error; nobody else sees it."""
    if sys.stderr.isatty():
        click.secho(escaped(text), err=True, dim=True)


def print_facts(known: Sequence[tuple[str, object]]) -> None:
    """The facts under each other."""
    if not on_terminal():
        print_lines(known)
        return
    from csvgate.cli.page import fact_table

    terminal().print(fact_table(known))


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Advance]:
    """Call the answer with the bytes that were done; a terminal shows a bar, a pipe nothing."""
    if not sys.stderr.isatty() or (total is not None and total < WORTH_A_BAR):
        yield lambda _: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    shown = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*shown, console=terminal(stderr=True), transient=True) as bar:
        task = bar.add_task(escaped(what), total=total)
        yield lambda done: bar.advance(task, done)


@contextmanager
def steps(what: str) -> Iterator[Callable[[str], None]]:
    """Call the answer with what is being done now; a terminal shows it beside a spinner, a pipe nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with terminal(stderr=True).status(escaped(what)) as status:
        yield lambda step: status.update(escaped(step))
