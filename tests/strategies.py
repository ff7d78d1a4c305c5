"""What the property tests of the core draw from: bytes, cuts, tables and dialects."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from csvgate.core.dialect import Dialect
from csvgate.core.reading import Source

# Bytes that are likely to break a CSV reader, among others.
nasty_bytes = st.lists(
    st.sampled_from(
        [b'"', b'""', b",", b";", b"\n", b"\r\n", b"\r", b"\n\n", b"a", b"1", b"\xff", b"\xc3\xa4", b"\0", b"#"]
    )
    | st.binary(max_size=4),
    max_size=60,
).map(b"".join)
cuts = st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=8)
cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


def cut(data: bytes, sizes: Sequence[int]) -> Source:
    """A source that hands out the bytes in pieces of the given sizes, again and again."""

    def pieces() -> Iterator[bytes]:
        at, turn = 0, 0
        while at < len(data):
            size = sizes[turn % len(sizes)]
            yield data[at : at + size]
            at, turn = at + size, turn + 1

    return pieces


def whole(data: bytes) -> Source:
    """A source that hands out the bytes at once."""
    return lambda: iter([data])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header of plain names and at least one record, all equally wide."""
    width = draw(st.integers(min_value=2, max_value=5))
    header = [f"name_{number}" for number in range(width)]
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8))
    return [header, *rows]


dialects = st.builds(
    lambda delimiter, end, encoding: replace(
        Dialect(), delimiter=delimiter, line_terminators=(end,), encoding=encoding
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)


def write(table: Sequence[Sequence[str]], dialect: Dialect) -> bytes:
    """The table as Python's own writer puts it, every value quoted that needs it."""
    text = io.StringIO(newline="")
    csv.writer(
        text, delimiter=dialect.delimiter, lineterminator=dialect.line_terminators[0], quoting=csv.QUOTE_ALL
    ).writerows(table)
    return text.getvalue().encode(dialect.encoding)
