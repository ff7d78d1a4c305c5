"""Files in any encoding are read back, whatever happened to their bytes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.inspection import inspect
from csvgate.core.text.encoding import MULTIBYTE
from tests.languages import CASES, PROSE
from tests.strategies import cut, cuts, whole


def table(language: str, delimiter: str) -> str:
    """A table of the words of a language, three in a record."""
    words = [word.strip(",.") for word in PROSE[language].split()]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([["id", "first", "second"], *([at, *words[at : at + 2]] for at in range(0, len(words) - 1, 2))])
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", "|"])
@pytest.mark.parametrize(("language", "page"), CASES)
def test_a_table_in_any_page_is_read_back(language: str, page: str, delimiter: str) -> None:
    text = table(language, delimiter)
    found = inspect(whole(text.encode(page)))
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))[1:]
    assert (found.column_names, found.dialect.delimiter) == (("id", "first", "second"), delimiter)
    assert found.row_count == len(rows)
    assert [column.max_length for column in found.columns] == [
        max(map(len, cells)) for cells in zip(*rows, strict=True)
    ]
    assert {finding.code for finding in found.findings} <= {"encoding-guessed", "mixed-line-endings"}


@given(
    st.sampled_from([case for case in CASES if case[1] in MULTIBYTE]),
    st.lists(st.tuples(st.integers(min_value=0), st.binary(min_size=1, max_size=3)), max_size=6),
    cuts,
)
def test_bad_bytes_in_transcoded_text_are_accounted_for(
    case: tuple[str, str], bad: list[tuple[int, bytes]], sizes: list[int]
) -> None:
    data = table(case[0], "|").encode(case[1])
    for place, noise in bad:
        data = data[: place % len(data)] + noise + data[place % len(data) :]
    found = inspect(whole(data))
    parts = found.bytes.to_json()
    assert sum(count for name, count in parts.items() if name not in ("total", "complete")) == len(data)
    assert inspect(cut(data, sizes)).to_json() == found.to_json()
