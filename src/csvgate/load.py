"""What a sink is asked for, and what it answers: a Target and a Content in, a Load out; later, what is Stored.

Knows no sink and no delivery; `csvgate.ports` has the Sink itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

# What a cell is in a table of its own; where it goes depends on the sink.
CellType = Literal[
    "integer", "big-integer", "number", "boolean", "date", "time", "datetime", "zoned-datetime", "string", "any"
]
Disposition = Literal["append", "replace", "merge"]
Kind = Literal["postgresql", "dynamodb", "parquet"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column as the file names it; `big-integer` has values beyond 64 bits, `any` has no values at all."""

    name: str
    type: CellType = "string"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where the rows of a feed go.

    shape: `rows` takes any row as a list of texts; `typed` is a table of its own, with a column for each of `columns`,
    as long as there are not too many of them.
    disposition: `append`; `replace` shows the newest delivery only; `merge` replaces rows that have the same `keys`.
    """

    table: str
    columns: Sequence[Column]
    shape: Literal["rows", "typed"] = "rows"
    disposition: Disposition = "append"
    keys: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RawCsv:
    """Stored bytes that need no reading: UTF-8 without BOM, records of the table only, as RFC 4180 but for `delimiter`.

    Every record has a cell for every column of the target, and an empty cell means that there is no value, with
    quotes or without. The first record is the header if `has_header`.
    """

    chunks: Callable[[], Iterator[bytes]]
    delimiter: str = ","
    quote: str = '"'
    has_header: bool = True


class Content(Protocol):
    """What is to be loaded of one delivery; it can be read from its start as often as needed."""

    @property
    def row_count(self) -> int:
        """How many rows there are to load, as they were counted before."""

    @property
    def rows_quarantined(self) -> int:
        """How many more the file has, which are not to be loaded."""

    def rows(self) -> Iterator[tuple[int, Sequence[str | None]]]:
        """Each row's number in the file, ascending from 1, and a cell for every column of the target; None: no value.

        Values are as ISO 8601 and programs write them. TransientError if these are not the bytes that were inspected.
        """

    def raw(self) -> RawCsv | None:
        """The same rows as they are stored, where they are numbered 1, 2, 3 and need no reading; else None."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What became of a delivery's rows; `verified`: they were counted in the sink, not in the program.

    `superseded`: a newer version of the same key was there first, so nothing was loaded.
    `undone`: somebody took the rows back, and they stay away until they are loaded as a new generation.
    """

    sink: Kind
    table: str
    rows_loaded: int
    rows_quarantined: int
    verified: bool
    outcome: Literal["loaded", "superseded", "undone"] = "loaded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What a sink says of a delivery that it was given; not seen by readers: replaced, undone or superseded."""

    delivery_id: str
    generation: int
    load: Load
    is_seen: bool
