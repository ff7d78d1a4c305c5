"""How a file is written, in the names of CSVW's dialect description.

Source of the names: W3C "Metadata Vocabulary for Tabular Data", section 5.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """One dialect; the defaults are CSVW's.

    `quote_char` None means that quotes are ordinary text.
    `escape_char` is set where a quote is escaped by another character than itself.
    `skip_rows` counts physical lines before the header (a preamble, a `sep=` hint).
    `line_terminators` are those seen, most frequent first.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    header: bool = True
    header_row_count: int = 1
    skip_rows: int = 0
    line_terminators: tuple[str, ...] = ("\n",)
    comment_prefix: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The dialect under CSVW's names; `escapeChar` only where there is one (CSVW has no such name)."""
        names = {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "quoteChar": self.quote_char,
            "doubleQuote": self.double_quote,
            "escapeChar": self.escape_char,
            "header": self.header,
            "headerRowCount": self.header_row_count,
            "skipRows": self.skip_rows,
            "lineTerminators": list(self.line_terminators),
            "commentPrefix": self.comment_prefix,
        }
        return {name: value for name, value in names.items() if name != "escapeChar" or value}
