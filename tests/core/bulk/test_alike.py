"""Records that have the cells that are asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.bulk.alike import rows_with
from tests.core.bulk.columns import column

CELLS = st.sampled_from(["", "a", "b", "é", "name", "long name of one", "long name of two", "x" * 200, "x" * 199 + "y"])
RECORDS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=20)


@given(RECORDS, st.tuples(CELLS, CELLS))
def test_records_are_found_by_their_cells(records: list[tuple[str, str]], wanted: tuple[str, str]) -> None:
    cells = [column([record[at] for record in records]) for at in (0, 1)]
    assert rows_with(wanted, cells.__getitem__) == [at for at, record in enumerate(records) if record == wanted]
