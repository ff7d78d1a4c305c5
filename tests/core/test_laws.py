"""What holds of the inspection of any file: round trip, cuts, ledger, merging."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise, zip_longest
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from csvgate.core import inspection
from csvgate.core.canonical import Canonical, Style
from csvgate.core.columns.profile import ColumnProfile, ColumnProfiler
from csvgate.core.dialect import DOUBLED, Dialect
from csvgate.core.inspection import Inspection, inspect
from csvgate.core.reading import Text, open_text
from csvgate.core.structure import scan
from csvgate.core.structure.scan import Scanner
from tests.core.text.test_unzip import zipped
from tests.strategies import (
    all_dialects,
    cut,
    nasty_bytes,
    nasty_tables,
    sparing_dialects,
    tables,
    typed_tables,
    whole,
    write,
    write_sparingly,
)

Rows = Sequence[Sequence[str]]
PACKERS: list[Callable[[bytes], bytes]] = [
    gzip.compress,
    bz2.compress,
    lzma.compress,
    lambda data: zipped(("a.csv", data)),
]


def accounted(found: Inspection) -> int:
    """The bytes that the ledger's parts account for."""
    return sum(count for name, count in found.bytes.to_json().items() if name not in ("total", "complete"))


def canonical(data: bytes, found: Inspection) -> str:
    """The table as canonical CSV, records of any width among them."""
    return "".join(piece.text for piece in Canonical(whole(data), found, Style(ragged="keep")).pieces())


@given(tables(), all_dialects)
def test_a_table_is_the_same_in_whatever_dialect_it_was_written(table: list[list[str]], dialect: Dialect) -> None:
    if dialect.escape_char:  # without an escaped quote, a backslash may as well stand for itself
        table = [[cell.replace("\\", "") for cell in row] for row in table]
    data, plain = write(table, dialect), write_sparingly(table, Dialect())
    assume(b"\x1a\n" not in plain)  # as old systems end a text: such a cell keeps its quotes, see test_canonical
    assert canonical(data, inspect(whole(data))) == plain.decode()


@given(typed_tables(), sparing_dialects)
def test_a_table_with_quotes_only_where_they_are_needed_is_read_back_with_its_types(
    typed: tuple[list[str], list[list[str]]], dialect: Dialect
) -> None:
    types, table = typed
    found = inspect(whole(data := write_sparingly(table, dialect)))
    assert canonical(data, found) == write_sparingly(table, Dialect()).decode()
    assert (found.dialect.delimiter, found.dialect.quote_char) == (dialect.delimiter, '"')
    assert found.dialect.line_terminators == dialect.line_terminators
    assert found.dialect.encoding.startswith(dialect.encoding.removesuffix("-sig"))
    assert [column.type for column in found.columns] == types
    warnings = {finding.code for finding in found.findings if finding.severity != "info"}
    assert warnings == ({"doubled-carriage-return"} if dialect.line_terminators == (DOUBLED,) else set())


def narrow(window: int) -> type[Scanner]:
    """A scanner that holds no more than it must."""

    class Narrow(Scanner):
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  whatever a scanner takes
            super().__init__(*arguments, **options)
            self._window = window

    return Narrow


@given(nasty_bytes, st.integers(min_value=1, max_value=40))
@example(b'""\n\xff\xff', 1)
@example(b"#\xff\n,", 1)
@example(b"a\rb\r\nc\n", 1)
def test_a_file_is_the_same_in_windows_of_any_size(data: bytes, window: int) -> None:
    with patch.object(inspection, "Scanner", narrow(window)):
        in_windows = inspect(whole(data))
    assert in_windows == inspect(whole(data))


@settings(max_examples=5)
@given(nasty_bytes.filter(bool), nasty_bytes, st.integers(min_value=100_000, max_value=400_000))
def test_a_long_file_is_the_same_in_windows_of_any_size(unit: bytes, last: bytes, window: int) -> None:
    data = b"id,name\n" + unit * (1_200_000 // len(unit)) + last
    with patch.object(scan, "WINDOW", window):
        in_windows = inspect(cut(data, [65_536])).to_json()
    assert in_windows == inspect(whole(data)).to_json()


@pytest.mark.parametrize("pack", PACKERS, ids=["gzip", "bzip2", "xz", "zip"])
@given(nasty_bytes, st.integers(min_value=0), st.sampled_from(["cut", "changed"]))
def test_every_byte_of_a_packed_file_is_accounted_for_also_of_a_damaged_one(
    pack: Callable[[bytes], bytes], data: bytes, at: int, damage: str
) -> None:
    packed = pack(data)
    at %= len(packed)
    damaged = packed[:at] if damage == "cut" else packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :]
    found = inspect(whole(damaged))
    assert accounted(found) == found.bytes.total
    assert found.file_size_bytes == len(damaged)
    assert found.verdict == "rejected" or found.bytes.complete


@given(nasty_bytes, st.integers(min_value=1, max_value=60))
def test_every_byte_is_accounted_for_where_reading_stops(data: bytes, longest: int) -> None:
    with patch.object(scan, "MAX_RECORD", longest):
        found = inspect(whole(data))
    assert accounted(found) == found.bytes.total
    assert found.compression or found.bytes.total == len(data)
    assert found.verdict != "ok" or not found.bytes.rejected


def rows_in(text: bytes, opened: Text) -> list[list[str]]:
    """The records of some text, in the dialect of the file that it is a part of."""
    scanner = Scanner(BytesIO(text), opened.sniffed.dialect, opened.encoding, width=opened.sniffed.width)
    return [row for batch in scanner.batches() for row in batch.rows]


def profilers_of(rows: Rows, width: int) -> list[ColumnProfiler]:
    """A profiler for each column; a cell that is missing is missing, not empty."""
    profilers = [ColumnProfiler(budget=10_000) for _ in range(width)]
    for profiler, column in zip(profilers, zip_longest(*rows), strict=False):
        profiler.add([cell for cell in column if cell is not None])
    return profilers


def merged(parts: Sequence[Rows], names: Sequence[str]) -> tuple[ColumnProfile, ...]:
    """The profiles of parts of a table, each made by itself, as one."""
    first, *others = [profilers_of(rows, len(names)) for rows in parts]
    for other in others:
        for mine, theirs in zip(first, other, strict=True):
            mine.merge(theirs)
    return tuple(profiler.finish(name) for profiler, name in zip(first, names, strict=True))


@given(tables() | typed_tables().map(lambda typed: typed[1]), st.lists(st.integers(min_value=1, max_value=12)))
def test_a_file_in_parts_has_the_profiles_of_the_parts_merged(table: list[list[str]], places: list[int]) -> None:
    found = inspect(whole(write(table, Dialect())))
    edges = [1, *sorted(min(place, len(table)) for place in places), len(table)]
    parts = [table[start:stop] for start, stop in pairwise(edges)]
    assert merged(parts, table[0]) == found.columns


@given(nasty_tables, st.integers(min_value=0))
def test_a_text_that_is_cut_behind_a_record_has_the_same_records(data: bytes, number: int) -> None:
    opened = open_text(whole(data))
    assume(isinstance(opened, Text) and opened.sniffed.width > 1)
    assert isinstance(opened, Text)
    text = opened.rest.read(1 << 20)
    scanner = Scanner(BytesIO(text), opened.sniffed.dialect, opened.encoding, width=opened.sniffed.width)
    batch = next(scanner.batches())
    _, end = batch.extent(number % len(batch.rows))
    assert rows_in(text[:end], opened) + rows_in(text[end:], opened) == batch.rows
