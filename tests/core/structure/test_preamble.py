"""Where the table begins, and that it has one column where its values only look like several."""

from __future__ import annotations

import pytest

from csvgate.core.structure.sniff import sniff
from csvgate.core.text.encoding import Encoding

TABLE = "day;text;amount;balance\n" + "".join(
    f"{day:02}.01.2024;buy {day};-{day},50;{day * 2}\n" for day in range(1, 6)
)


def skipped(text: str) -> tuple[int, int]:
    """How many lines stand before the table, and how many columns it has."""
    found = sniff(text.encode(), Encoding(name="utf-8"), whole=True)
    return found.dialect.skip_rows, found.width


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ("Account;DE12\nFrom;01.01.2024\n\n", 3),
        ("Account:;DE12;\nFrom:;01.01.2024\n", 2),
        ("Account:;DE12;\nFrom:;1\nTo:;2\nBy:;a\nAt:;b\nIn:;c\nSum:;7\nMost:;9\n\n", 9),
        ("Sales report;;;\n;;;\n", 2),
        ("Sales report;;;\nFrom;01.01.2024;;\n;;;\n", 3),
        ("Sales report\nFrom;01.01.2024\n\n", 3),
        ("Sales report;;;\n", 1),
        ("Report;2024\nRegion;North\n", 2),
        ("Sales;;;\nFrom;01.01.2024;Ulm;\n", 2),
        ("Bank : 101;Branch : 7;EUR;\nBy: ;Ann;Lee;\n;;;\n", 3),
    ],
)
def test_lines_that_describe_the_export_are_no_part_of_the_table(above: str, lines: int) -> None:
    assert skipped(above + TABLE) == (lines, 4)


def test_a_header_of_years_may_end_in_a_delimiter_as_all_lines_do() -> None:
    table = "place;code;2020;2021;\nUlm;U;1;2;\nBonn;B;3;4;\nJena;J;5;6;\n"
    assert skipped("Source;Indicators;\n\nUpdated;2024-06-28;\n\n" + table) == (4, 5)
    assert skipped("Source;;;;\n" + table.replace("B;3;4;", "B;3;4;x")) == (1, 5)
    assert skipped(table) == (0, 5)


def test_a_column_that_is_seldom_filled_may_be_the_only_one_of_values() -> None:
    table = "day;text;debit;credit\nMonday;rent;500,00;\nFriday;pay;;2.000,00\n"
    assert skipped("Statement\n" + table) == (1, 4)
    assert skipped("Statement;;;\n" + table) == (1, 4)


def test_a_comment_may_have_two_words_or_a_comma() -> None:
    comments = "#Version: 1.0\n#Fields: s-ip method path status\n"
    assert skipped(comments + "10.0.0.1 GET /a 200\n" * 5) == (0, 4)
    log = "#Fields: date time s-ip method status\n" + "2024-01-02 03:04:05 10.0.0.1 GET 200\n" * 3
    assert skipped("#Software: Web Server 10\n" + log) == (0, 5)
    assert skipped("# made by me, and you\nid,name,size\n1,a,2\n2,b,3\n") == (0, 3)


def test_a_small_table_is_found_among_more_lines_of_text() -> None:
    """As government statistics come, with a title above and notes below."""
    table = ";2023;2024\nNorth;5;6\nSouth;7;8\nWest;1;2\n"
    assert skipped("People, in thousands\nBy region\n" + table + "___\nCensus of 2011\n(c) Office, 2024\n") == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "id;name\n1;a;x\n2;b;y\n3;c;z\n",
        "name;city\nAnn;Ulm;x\nBob;Bonn;y\n",
        "2023;;2024;\nn;size;n;size\n1;2;3;4\n5;6;7;8\n",
        "id;name\n1;a\n2;b\n\n" + TABLE,
        "name;size\nAnn;3\nBob;4\nEve;5\n\n" + TABLE,
        "fruit;pieces\napple;1\n\nfruit;pieces\npear;2\n",
        "name;n\nAnn;1\n\nBob;2\n",
        "id;n;;\n1;2;;\n3;4;5;\n6;7;8;9\n",
        "place;2023;2024;\nUlm;1;2;x\nBonn;3;4;y\n",
        "Ann;3;;\nBob;4;;\nEve;5;1;x\nZoe;6;2;y\n",
    ],
)
def test_a_header_that_is_short_or_has_gaps_is_one(text: str) -> None:
    assert skipped(text)[0] == 0


@pytest.mark.parametrize("above", ["Report;2024\nRegion;North\n\n", "Report;2024\n\nRegion;North\n\n"])
def test_a_fact_may_have_a_unit_where_the_table_is_much_wider(above: str) -> None:
    above += "Balance;5,00;EUR\n\n"
    table = "day;text;by;amount;unit;sum\n01.02.2024;pay;Ann;1,00;EUR;5,00\n02.02.2024;buy;Bob;-2,00;EUR;3,00\n"
    assert skipped(above + table) == (above.count("\n"), 6)
    assert skipped(above + "day;text;amount\n01.02.2024;pay;1,00\n") == (0, 2)


@pytest.mark.parametrize("above", ["Report;2024\nRegion;North\n\n", "Report;2024\n\nRegion;North\n\n"])
def test_facts_stand_before_a_table_of_their_width_and_of_few_records(above: str) -> None:
    assert skipped(above + "id;name;amount\n1;a;2\n") == (above.count("\n"), 3)
    assert skipped(above + "id;amount\n1;2\n") == (above.count("\n"), 2)


def test_a_footer_hides_no_preamble() -> None:
    assert skipped("Report x\n\nid,n\n1,a\n2,b\n3,c\n4,d\n5,e\n\n5 rows\n") == (2, 2)


@pytest.mark.parametrize("value", ["https://x.org/?a=1;b=2", "100,50", "1.000,50", "2024-01-01 10:00:00,5"])
def test_values_below_a_lone_name_are_of_one_column(value: str) -> None:
    found = sniff(f"amount\n{value}\n{value}\n".encode(), Encoding(name="utf-8"), whole=True)
    assert (found.width, found.header, found.dialect.skip_rows) == (1, "sure", 0)
    assert found.dialect.delimiter not in value


def test_a_title_above_records_is_no_name() -> None:
    assert skipped("Report of May\n1;2;3\n4;5;6\n") == (1, 3)
