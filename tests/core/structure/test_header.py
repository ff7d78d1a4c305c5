"""Whether the first record is a header, and how sure that is."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csvgate.core.structure.header import HeaderJudgement, judge_header, kind_of, kinds_of_columns, read_heading


@pytest.mark.parametrize(
    ("lines", "judgement"),
    [
        (["id,name", "1,a", "2,b"], "sure"),
        (["1,2.5,x", "2,3.5,y"], "absent"),
        (["Anna,Berlin", "Bob,Paris"], "unsure"),
        (["name,city", "Anna,Berlin"], "sure"),
        (["Vorname,Ort", "Anna,Berlin"], "sure"),
        (["first_thing,second_thing", "a,b"], "sure"),
        (["a,b", "a,c", "d,b"], "unsure"),
        (["country,2019,2020,2021", "DE,1,2,3"], "sure"),
        (["2024-01-01,5", "2024-01-02,6"], "absent"),
        (["1,2,3"], "absent"),
        (["id,name"], "sure"),
        (["x,1", "y,2", "z,3"], "absent"),
        (["id,1", "5,2", "6,3"], "unsure"),
    ],
)
def test_types_decide_and_doubt_is_said(lines: list[str], judgement: HeaderJudgement) -> None:
    assert judge_header([line.split(",") for line in lines]) == judgement


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", ""),
        ("  ", ""),
        ("12", "number"),
        ("-1.5e3", "number"),
        ("1.234,56", "number"),
        ("2024-02-30", "date"),
        ("31.12.2024", "date"),
        ("10:30", "time"),
        ("TRUE", "boolean"),
        ("a@example.org", "code"),
        ("12 Main St", "text"),
        ("٣", "text"),
        ("1" * 500, "text"),
    ],
)
def test_kinds_at_a_glance(cell: str, kind: str) -> None:
    assert kind_of(cell) == kind


CELLS = ["12", "1.5", "-7", "1.234,56", "1e5", "٣", "2024-01-31", "31.1.24 9", "10:30", "yes", "No", "TRUE", "yeſ", ""]
CELLS += [" 12", "a\n12", "12\n", "Anna", "Main St, 5", "Anna ", "é", "²", "no.", "_x", "a@example.org", "http://x/y"]
CELLS += ["x" * 99, "1" * 99, "\u00a012", "false positive", "DEADBEEF-0000-0000-0000-123456789abc", "+1"]


@given(st.lists(st.sampled_from(CELLS) | st.text("19.,-: eNno\n@/", max_size=5), min_size=1), st.integers(1, 20))
@example(["12"], 2)
def test_the_kind_of_a_column_is_that_of_nearly_all_its_filled_cells(cells: list[str], times: int) -> None:
    column = [*[cells[0]] * times, *cells]
    kinds = Counter(filter(None, map(kind_of, column)))
    common = {kind for kind, count in kinds.items() if count >= 0.9 * kinds.total()}
    assert set(kinds_of_columns([[cell] for cell in column])) - {""} == common


@pytest.mark.parametrize(
    ("lines", "row_count", "name_row"),
    [
        (["time,temp", "[s],[°C]", "0,20", "1,21"], 2, 0),
        (["station,depth,flow", ",m,m3", "A,1,2", "B,2,3"], 2, 0),
        (["id,name", "int,varchar(20)", "1,a", "2,b"], 2, 0),
        (["Air,,Soil,", "temp,hum,temp_2,hum_2", "°C,%,°C,%", "20,50,9,80", "21,51,9,81"], 3, 1),
        ([",2023,,2024,", "id,q1,q2,q3,q4", "1,2,3,4,5", "2,3,4,5,6"], 2, 1),
        (["id,sales,sales", "nr,north,south", "1,2,3", "2,3,4"], 2, 1),
        (["id,amount", "-,-", "1,2", "2,3"], 1, 0),
        (["id,amount", "(5),(7)", "1,2", "2,3"], 1, 0),
        (["id,grade", "A,B", "1,2", "2,3"], 1, 0),
        (["id,name", "unknown,n/a", "1,a", "2,b"], 1, 0),
        (["a,b,", "x,y,z", "p,q,r", "s,t,u"], 1, 0),
        (["1,2", "2,3", "3,4", "4,5"], 0, 0),
    ],
)
def test_units_below_the_names_and_groups_above_them_are_header_rows(
    lines: list[str], row_count: int, name_row: int
) -> None:
    heading = read_heading([line.split(",") for line in lines])
    assert (heading.row_count, heading.name_row) == (row_count, name_row)


@pytest.mark.parametrize(
    ("lines", "is_unsure"),
    [
        (["id,qty", "Nr,Menge", "1,2", "2,3"], True),
        (["id,name,qty", "Nr,Name,Menge", "1,a,5", "2,b,6"], True),
        (["id,qty", "id,qty", "1,2", "2,3"], True),
        (["id,qty", "1,unknown", "2,3", "3,4"], False),
        (["id,qty", "none,none", "2,3", "3,4"], False),
        (["id,name", "x,Anna", "2,Bob", "3,Cleo"], False),
        (["name,city", "Anna,Bern", "Bob,Paris", "Cleo,Rome"], False),
        (["id,qty", "Nr,Menge", "1,2"], False),
        (["time,temp", "[s],[°C]", "0,20", "1,21"], False),
    ],
)
def test_words_above_values_may_be_a_second_header_row(lines: list[str], *, is_unsure: bool) -> None:
    assert read_heading([line.split(",") for line in lines]).is_next_unsure == is_unsure
