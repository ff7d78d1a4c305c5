"""Names of columns: whatever a file calls them, PostgreSQL takes them, and no two are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.postgres.names import LONGEST, RESERVED, safe_names


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["ID", "Last Name", "größe (cm)"], ("id", "last_name", "größe_cm")),
        (["id", "ID", "id"], ("id", "id_2", "id_3")),
        (["id", "id", "id_2"], ("id", "id_2", "id_2_2")),
        (["", "  ", "%"], ("column_1", "column_2", "column_3")),
        (["ctid", "xmin", "_row"], ("ctid_2", "xmin_2", "row")),
        (['x"; DROP TABLE csvgate.rows; --'], ("x_drop_table_csvgate_rows",)),
        (["=cmd|' /C calc'!A0"], ("cmd_c_calc_a0",)),
    ],
)
def test_labels_become_names(labels: list[str], names: tuple[str, ...]) -> None:
    assert safe_names(labels) == names


def test_names_that_begin_with_the_same_63_bytes_stay_apart() -> None:
    names = safe_names(["x" * 80 + "a", "x" * 80 + "b"])
    assert names == ("x" * 63, "x" * 61 + "_2")


@given(st.lists(st.text(max_size=90), max_size=40))
def test_any_labels_become_names_that_differ_and_fit(labels: list[str]) -> None:
    names = safe_names(labels)
    assert len(set(names)) == len(names) == len(labels)
    assert RESERVED.isdisjoint(names)
    assert all(0 < len(name.encode()) <= LONGEST and "\0" not in name for name in names)
