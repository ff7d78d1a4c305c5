"""Facts of a receipt, held against its file, in; the page that says where they differ out."""

from __future__ import annotations

from collections.abc import Iterable

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from csvgate.cli.page import MARKS, grid, indented, shown

# What differs: its name, what the receipt says, what the file says.
Difference = tuple[str, str, str]


def verify_page(sentence: str, differences: Iterable[Difference]) -> RenderableType:
    """The verdict, and each fact that differs, what both say of it one under the other."""
    sides = [both(*difference) for difference in differences]
    symbol, colour = MARKS["rejected" if sides else "ok"]
    text = Text.assemble((f"{symbol} ", f"bold {colour}"), shown(sentence))
    panel = Panel(text, box=ROUNDED, border_style=colour, padding=(0, 1))
    return Group(panel, indented(Group(*sides))) if sides else panel


def both(name: str, expected: str, found: str) -> RenderableType:
    """One fact and its two sides, aligned: what differs in them stands one under the other."""
    table = grid([("receipt", expected), ("file", found)], ("dim", ""))
    return Group(shown(name, style="bold"), Padding(table, (0, 0, 0, 2)))
