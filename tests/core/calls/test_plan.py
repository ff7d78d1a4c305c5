"""What every reader is told: names of their own, types, and what most of them get wrong."""

from __future__ import annotations

from csvgate.core.calls.plan import cleaned, plan_of
from csvgate.core.inspection import inspect
from tests.strategies import whole


def names_of(header: bytes) -> list[str]:
    """The names under which the columns are read."""
    return [column.name for column in plan_of(inspect(whole(header + b"\n1,x,y\n2,z,w\n")), "x.csv").columns]


def test_every_column_has_a_name_of_its_own() -> None:
    assert names_of(b"id,name,city") == ["id", "name", "city"]
    assert names_of(b"id,ID,id_2") == ["id", "ID_2", "id_2_2"]
    assert names_of(b'id,,"two\nlines"') == ["id", "column_2", "column_3"]


def test_a_column_that_was_renamed_is_noted() -> None:
    notes = plan_of(inspect(whole(b"id,id\n1,x\n")), "x.csv").notes
    assert notes == ["column 2 is called 'id_2' here: its own name is empty, taken or not printable"]


def test_a_clean_file_has_nothing_amiss() -> None:
    assert plan_of(inspect(whole(b"id,name\n1,Anna\n")), "x.csv").amiss == []


def test_what_is_amiss_is_told_in_the_words_of_the_finding() -> None:
    plan = plan_of(inspect(whole(b"id;name\n1;Anna\n2\n3\n")), "x.csv")
    assert plan.amiss == ["line 3 has 1 cell, the header has 2 (2 times in all)"]
    assert cleaned(plan, "y.csv").amiss == ()
    assert cleaned(plan, "y.csv").dialect.delimiter == ","
