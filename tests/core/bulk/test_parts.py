"""Cells of common shapes: the same shapes, worths and measures as one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csvgate.core.bulk.parts import Band, Part, parts_of
from csvgate.core.columns.abridged import abridge
from csvgate.core.columns.measure import measure
from csvgate.core.columns.shapes import (
    DATE,
    DATETIME,
    INTEGER,
    NULL,
    POINT,
    POINT_OR_GROUP,
    TEXT,
    ZONED,
    ZONED_APART,
    shape_of,
)
from csvgate.core.columns.types import worths_of
from tests.core.bulk.columns import column
from tests.core.bulk.values import MOMENTS, NUMBERS, TEXTS, UNREAD

ALL = {DATE, DATETIME, ZONED, ZONED_APART, INTEGER, POINT, POINT_OR_GROUP, TEXT, NULL}


def parts(texts: list[str]) -> list[Part]:
    """The parts of a column in which any of the common shapes may come."""
    cells = column(texts)
    (found,) = parts_of(Band(cells=cells, first=cells.words(0), height=len(cells)), [ALL])
    return found


@given(st.lists(st.one_of(NUMBERS, MOMENTS, TEXTS, UNREAD), min_size=1, max_size=40))
@example(["9" * 16, "-" + "9" * 15, "1.5", "0"])
@example(["0.000000000000001", "1234567.5", "1.234", "-1.234", "+.5", "5."])
@example(["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "2024-04-31"])
@example(["2024-12-31 23:59:59 UTC", "2024-12-31 23:59:59-UTC", "2024-12-31T23:59:59 UTC", "2024-12-31 23:59:59 GMT"])
@example(["é" * 100, "é" * 101, "é" * 100 + "a"])
def test_a_part_is_measured_as_its_values_are_one_by_one(texts: list[str]) -> None:
    """No row is in two parts; a row in none is nobody's loss: others read it."""
    seen: Counter[int] = Counter()
    for part in parts(texts):
        seen.update(part.rows.tolist())
        mine = list(abridge([texts[row] for row in part.rows]))
        assert {shape_of(texts[row]) for row in part.rows} == {part.shape}
        counts = Counter(mine)
        assert part.measure == measure(counts, list(counts), worths_of(part.shape, counts))
    assert not seen or max(seen.values()) == 1


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (INTEGER, "-42"),
        (INTEGER, "1234567890123456"),
        (POINT, "3.14"),
        (POINT, "-0.5"),
        (POINT_OR_GROUP, "1.234"),
        (DATE, "2024-02-29"),
        (DATETIME, "2024-12-31 23:59:59"),
        (DATETIME, "2024-12-31T23:59:59.123456"),
        (ZONED, "2024-12-31T23:59:59Z"),
        (ZONED, "2024-12-31 23:59:59.123456+00"),
        (ZONED, "2024-12-31T23:59:59.123+00:00"),
        (ZONED_APART, "2024-12-31 23:59:59 UTC"),
        (ZONED_APART, "2024-12-31 23:59:59.123456 UTC"),
        (ZONED_APART, "2024-12-31 23:59:59 +0000"),
        (TEXT, "hello world"),
        (TEXT, "00042-e-Te-" * 2 + "Straße"),
        (NULL, ""),
    ],
)
def test_common_values_are_in_a_part(shape: str, text: str) -> None:
    """The law above would hold of a reader that finds nothing."""
    (part,) = parts([text, text])
    assert (part.shape, part.rows.tolist(), part.measure.count) == (shape, [0, 1], 2)


def test_sums_are_exact_beyond_64_bits() -> None:
    """A thousand numbers of sixteen digits, and their squares."""
    texts = [str(9_999_999_999_999_999 - number) for number in range(1_000)]
    (part,) = parts(texts)
    sums = part.measure.sums[int]
    assert (sums.total, sums.squares) == (sum(map(int, texts)), sum(int(text) ** 2 for text in texts))
    assert np.array_equal(part.rows, np.arange(1_000))
