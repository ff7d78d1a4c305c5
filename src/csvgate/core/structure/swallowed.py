"""A value in; how many of its lines look like records of their own, as if a quote had swallowed them, out."""

from __future__ import annotations

import re

from csvgate.core.structure.batch import count_lines
from csvgate.core.structure.long import LongCell

# So many inner lines of a value must look like records before they are suspicious; with two columns a comma is
# easily part of a sentence.
FEW_LINES, MORE_LINES, TWO_COLUMNS = 2, 5, 2
NEARLY_ALL = 0.9
_EOL = re.compile("\r?\r\n|\n|\r")


def has_lines(cell: str) -> bool:
    """The value may have more than one line."""
    return "\n" in cell or "\r" in cell or isinstance(cell, LongCell)


def line_ends_of(cell: str) -> int:
    """How many line ends the value holds."""
    return cell.line_ends if isinstance(cell, LongCell) else count_lines(cell.encode("utf-8", "replace"))


def lines_like_records(cell: str, delimiter: str, width: int) -> int:
    """How many inner lines of a value have as many cells as a record, if nearly all have (0 otherwise)."""
    if width < TWO_COLUMNS:
        return 0
    if isinstance(cell, LongCell):
        inner, alike = cell.line_ends - 1, cell.alike
    else:
        lines = _EOL.split(cell)[1:-1]
        inner, alike = len(lines), sum(line.count(delimiter) + 1 == width for line in lines)
    return alike if alike >= enough_lines(width) and alike >= NEARLY_ALL * inner else 0


def enough_lines(width: int) -> int:
    """So many lines of a value that look like records are suspicious in a table of so many columns."""
    return MORE_LINES if width == TWO_COLUMNS else FEW_LINES
