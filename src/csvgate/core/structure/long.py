"""The bytes of a value that is too long to be held in; the cell that stands for it in its row out."""

from __future__ import annotations

from csvgate.core.columns.abridged import Abridged, abridge_pieces
from csvgate.core.structure.batch import count_lines
from csvgate.core.structure.grammar import LINE_END, Grammar
from csvgate.core.text.encoding import Encoding, pieces_of

# Where values are only counted, longer ones are not held (bytes); the text of one takes up to four times as much.
LONGEST = 1024 * 1024


class LongCell(Abridged):
    """A value with so many line ends; `alike` of the lines between two of them have as many cells as a record."""

    __slots__ = ("alike", "line_ends")

    line_ends: int
    alike: int


def long_cell(value: bytes, grammar: Grammar, encoding: Encoding, *, width: int) -> LongCell:
    """What stands for the value in a row of a table of so many columns."""
    name = encoding.scanned_as
    cell = LongCell(abridge_pieces(piece.decode(name, "surrogateescape") for piece in pieces_of(value)))
    cell.line_ends = count_lines(value)
    cell.alike = _count_alike(value, grammar.delimiter, width) if width > 1 else 0
    return cell


def _count_alike(value: bytes, delimiter: bytes, width: int) -> int:
    """How many inner lines have `width` cells; none where there are too few delimiters for half of them."""
    if 2 * value.count(delimiter) < (width - 1) * count_lines(value):
        return 0
    ends = LINE_END.finditer(value)
    behind = next((match.end() for match in ends), 0)
    alike = 0
    for match in ends:
        alike += value.count(delimiter, behind, match.start()) + 1 == width
        behind = match.end()
    return alike
