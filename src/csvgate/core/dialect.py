"""How a file is written, in the names of CSVW's dialect description.

Source of the names: W3C "Metadata Vocabulary for Tabular Data", section 5.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ONLY_WHERE_TRUE = ("escapeChar", "skipInitialSpace")
# Of line ends that are equally frequent, the first of these is told first.
LINE_ENDS = ("\n", "\r\n", "\r", "\r\r\n")
# What becomes of CRLF where a program writes it as text and the system makes each LF a CRLF once more.
DOUBLED = LINE_ENDS[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """One dialect; the defaults are CSVW's.

    `quote_char` None means that quotes are ordinary text.
    `escape_char` is set where a quote is escaped by another character than itself; it has a meaning inside quotes only.
    `skip_initial_space`: blanks between a delimiter and the cell behind it are no part of the cell.
    `skip_rows` counts physical lines before the header (a preamble, a `sep=` hint).
    `line_terminators` are those seen, most frequent first.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    skip_initial_space: bool = False
    header: bool = True
    header_row_count: int = 1
    skip_rows: int = 0
    line_terminators: tuple[str, ...] = ("\n",)
    comment_prefix: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The dialect under CSVW's names."""
        names = {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "quoteChar": self.quote_char,
            "doubleQuote": self.double_quote,
            "escapeChar": self.escape_char,
            "skipInitialSpace": self.skip_initial_space,
            "header": self.header,
            "headerRowCount": self.header_row_count,
            "skipRows": self.skip_rows,
            "lineTerminators": list(self.line_terminators),
            "commentPrefix": self.comment_prefix,
        }
        return {name: value for name, value in names.items() if name not in ONLY_WHERE_TRUE or value}


def line_terminators_of(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The line ends that occur, most frequent first."""
    return tuple(sorted((end for end in LINE_ENDS if counts.get(end)), key=lambda end: -counts[end]))
