"""Whole records many at a time: the same answers as one by one, but for figures that are marked approximate."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core import counting, inspection
from csvgate.core.bulk import sheet
from csvgate.core.inspection import inspect
from csvgate.core.structure import scan
from tests.core.bulk.values import MOMENTS, NUMBERS, TEXTS, UNREAD
from tests.core.partners import Here

VALUES = [
    NUMBERS,
    MOMENTS,
    TEXTS,
    UNREAD,
    st.one_of(NUMBERS, st.just("")),
    st.one_of(MOMENTS, NUMBERS, TEXTS, st.just("")),
]

# Spellings of one number, and of one moment, that are read in different ways.
ALIKE = [
    ("5000", "+5000", "5000.0", "5000.00"),
    ("2024-01-30 10:00:00Z", "2024-01-30T10:00:00.000Z", "2024-01-30 10:00:00+00", "2024-01-30 10:00:00 UTC"),
]

NEVER = 1 << 60


def written(value: str, end: str) -> str:
    """The value as RFC 4180 wants it."""
    if any(mark in value for mark in ',"\r\n'):
        return '"' + value.replace("\r", "\n").replace("\n", end).replace('"', '""') + '"'
    return value


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A table of typical columns; sometimes with its header again, blank rows, or a few bytes that belong nowhere."""
    kinds = draw(st.lists(st.sampled_from(VALUES), min_size=2, max_size=4))
    rows = draw(st.lists(st.tuples(*kinds), min_size=1, max_size=60))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    repeats = draw(st.integers(1, 3))
    lines = [",".join(f"name {at}" for at in range(len(kinds)))]
    lines += [",".join(written(value, end) for value in row) for row in rows] * repeats
    blank = [",".join([cell] * len(kinds)) for cell in ("", '""')]
    again = [lines[0], "\ufeff" + lines[0], *blank][: draw(st.integers(0, 4))]
    place = draw(st.integers(1, len(lines)))
    lines[place:place] = again
    data = end.join(lines).encode("utf-8", "surrogatepass") + end.encode()
    odd = draw(st.sampled_from([b"", b"", b"", b"\0", b"\xff", b'"', b",", b"\n\n", b"\r", b"Total,1\n"]))
    at = draw(st.integers(0, len(data)))
    return data[:at] + odd + data[at:]


@contextmanager
def windows(window: int, *, light: int = 0) -> Iterator[None]:
    """Small windows, and strides from byte `light` on."""
    with (
        patch.object(scan, "WINDOW", window),
        patch.object(scan, "LONGEST_STRIDE", 4 * window),
        patch.object(scan, "SHORT_WINDOW", max(window // 4, 1)),
        patch.object(sheet, "FEWEST", 1),
        patch.object(inspection, "count", partial(counting.count, light=light)),
    ):
        yield


def exact(found: inspection.Inspection) -> dict[str, Any]:
    """What the inspection says, without figures that are marked approximate; how many values there are stays."""
    said = found.to_json()
    for column in said["columns"]:
        for figure in column.pop("approximate"):
            if figure != "distinct_count":
                del column[figure]
    return said


@pytest.mark.parametrize("most", [10_000, 16], ids=["all values kept", "few values kept"])
@given(data=files(), window=st.integers(20, 400))
def test_strides_and_batches_say_the_same(most: int, data: bytes, window: int) -> None:
    """Whatever the records hold, and wherever they are cut."""
    with patch("csvgate.core.table.MOST_DISTINCT", most), patch("csvgate.core.table.LEAST_DISTINCT", 16):
        with windows(window, light=NEVER):
            alone = exact(inspect(lambda: iter([data])))
        with windows(window):
            assert exact(inspect(lambda: iter([data]))) == alone


@given(st.permutations(ALIKE[0]), st.permutations(ALIKE[1]), st.integers(20, 400))
def test_of_extremes_that_are_worth_the_same_the_same_one_is_told(
    numbers: list[str], moments: list[str], window: int
) -> None:
    """When so many values have come before that none is kept."""
    rows = [f"{at},2024-01-{at % 28 + 1:02} 09:00:00Z" for at in range(60)]
    data = "\n".join(["a,b", *rows, *map(",".join, zip(numbers, moments, strict=True)), ""]).encode()
    with patch("csvgate.core.table.MOST_DISTINCT", 16), patch("csvgate.core.table.LEAST_DISTINCT", 16), windows(window):
        told = [column.max for column in inspect(lambda: iter([data])).columns]
    assert told == [ALIKE[0][0], "2024-01-30 10:00:00Z"]


@given(data=files(), window=st.integers(20, 400), most=st.sampled_from([16, 10_000]))
def test_company_changes_nothing(data: bytes, window: int, most: int) -> None:
    """Whoever counts a column: not a figure differs, approximate ones included."""
    with windows(window), patch("csvgate.core.table.MOST_DISTINCT", most), patch("csvgate.core.bulk.shared.WORTH", 0):
        one = inspect(lambda: iter([data]))
        assert inspect(lambda: iter([data]), company=Here) == one


def test_company_has_work_to_do() -> None:
    """The test above would pass without any; an odd place makes a batch necessary."""
    lines = [b"%d,x%d,%d\n" % (at, at % 7, at % 1_000) for at in range(2_000)]
    here = Here()
    with windows(300), patch("csvgate.core.bulk.shared.WORTH", 0):
        inspect(lambda: iter([b"a,b,c\n", *lines, b"odd\n", *lines]), company=lambda: here)
    assert {"take", "count", "add", "conclude"} == {*here.tasks}


def test_strides_are_taken() -> None:
    """The tests above would pass without a single one."""
    data = b"a,b\n" + b"".join(b"%d,x%d\n" % (at, at % 7) for at in range(2_000))
    taken: list[int] = []

    def noted(*args: Any, **options: Any) -> sheet.Sheet | None:  # noqa: ANN401  whatever `cut` takes
        found = sheet.cut(*args, **options)
        taken.append(found.count if found else 0)
        return found

    with windows(300), patch("csvgate.core.bulk.sheets.cut", noted):
        assert inspect(lambda: iter([data])).row_count == 2_000
    assert sum(taken) > 1_000


def test_without_numpy_nothing_but_speed_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package asks for it; a small Lambda may leave it out."""
    data = b"a,b\n" + b"".join(b"%d,x%d\n" % (at, at % 7) for at in range(2_000))
    with windows(300, light=NEVER):
        alone = inspect(lambda: iter([data]))
    monkeypatch.setitem(sys.modules, "csvgate.core.bulk.sheets", None)
    with windows(300):
        assert inspect(lambda: iter([data])) == alone
