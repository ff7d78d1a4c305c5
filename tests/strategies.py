"""What the property tests of the core draw from: bytes, cuts, tables and dialects."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace

from hypothesis import strategies as st

from csvgate.core.dialect import Dialect
from csvgate.core.reading import Source

# Bytes that are likely to break a CSV reader, among others.
_PIECES = [
    *(b'"', b'""', b"'", b"\\", b",", b", ", b";", b"||", b"\n", b"\r\n", b"\r", b"\n\n", b"a", b"1", b"#", b" "),
    *(b"\r\r\n", b"\x1a", b"\x1a\r\n", b"\xff", b"\xc3\xa4", b"\0", b"Total", b'",1\n', b"a,b\n1,2\n"),
]
nasty_bytes = st.lists(st.sampled_from(_PIECES) | st.binary(max_size=4), max_size=60).map(b"".join)
# A table of two columns, and behind it anything.
nasty_tables = st.builds(
    lambda end, data: end.join([b"id,name", *[b"1,x"] * 9, data]), st.sampled_from([b"\n", b"\r\n", b"\r"]), nasty_bytes
)
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


# Cells of columns that have a type, each in its plainest notation.
PLAIN = {
    "integer": st.integers(min_value=-(10**17), max_value=10**17).map(str),
    "number": st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(str),
    "boolean": st.sampled_from(["true", "false"]),
    "date": st.dates().map(str),
    "datetime": st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat()),
    "time": st.times().map(lambda time: time.replace(microsecond=0).isoformat()),
    "string": st.text(alphabet="abXY ü,;|\t~^\"'\n", max_size=10).map("w{}".format),
}


@st.composite
def typed_tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """The types of some columns, and a table with a header of plain names and at least three records."""
    types = draw(st.lists(st.sampled_from(list(PLAIN)), min_size=2, max_size=5))
    rows = draw(st.lists(st.tuples(*(PLAIN[kind] for kind in types)), min_size=3, max_size=12))
    return types, [[f"name_{number}" for number in range(len(types))], *map(list, rows)]


DELIMITERS = [",", ";", "\t", "|", "^", "~", "\x1f", "||", "^^", ", "]


@st.composite
def _dialects(draw: st.DrawFn) -> Dialect:
    """A way of writing a table in which every cell is quoted."""
    delimiter = draw(st.sampled_from(DELIMITERS))
    is_escaped = draw(st.booleans())
    return Dialect(
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        delimiter=delimiter,
        quote_char=draw(st.sampled_from(['"', "'"])),
        double_quote=not is_escaped,
        escape_char="\\" if is_escaped else None,
        skip_initial_space=delimiter != ", " and draw(st.booleans()),
        line_terminators=(draw(st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"])),),
    )


# The ways that every tool knows, and all that are found.
dialects = st.builds(
    lambda delimiter, end, encoding: replace(
        Dialect(), delimiter=delimiter, line_terminators=(end,), encoding=encoding
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
all_dialects = _dialects()
# Those in which a table can be written with quotes only where a cell needs them, and be told from all others.
sparing_dialects = st.builds(
    lambda delimiter, end, encoding: replace(
        Dialect(), delimiter=delimiter, line_terminators=(end,), encoding=encoding
    ),
    st.sampled_from([delimiter for delimiter in DELIMITERS if len(delimiter) == 1]),
    st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)


def write_sparingly(table: Sequence[Sequence[str]], dialect: Dialect) -> bytes:
    """The table as most programs write it, with quotes only where a cell needs them."""
    lines: list[str] = []
    # With this line end, CR and LF are quoted alike; it is exchanged here.
    csv.writer(SimpleNamespace(write=lines.append), delimiter=dialect.delimiter).writerows(table)
    return "".join(line[:-2] + dialect.line_terminators[0] for line in lines).encode(dialect.encoding)


def write(table: Sequence[Sequence[str]], dialect: Dialect) -> bytes:
    """The table with every cell in quotes; two blanks behind a delimiter where they are skipped."""
    quote, end = dialect.quote_char or "", dialect.line_terminators[0]
    between = dialect.delimiter + ("  " if dialect.skip_initial_space else "")
    records = (between.join(quote + _escaped(cell, quote, dialect) + quote for cell in row) + end for row in table)
    return "".join(records).encode(dialect.encoding)


def _escaped(cell: str, quote: str, dialect: Dialect) -> str:
    escape = dialect.escape_char
    return cell.replace(escape, escape * 2).replace(quote, escape + quote) if escape else cell.replace(quote, quote * 2)
