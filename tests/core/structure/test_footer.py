"""Lines behind the last record: a footer is told by its words, and a record stays a record."""

from __future__ import annotations

import pytest

from csvgate.core.inspection import Inspection, inspect
from csvgate.core.structure.footer import MOST_LINES
from tests.strategies import whole

RECORDS = "id;amount;note\n1;10;a\n2;20;b\n"


def inspected(footer: str) -> Inspection:
    return inspect(whole((RECORDS + footer).encode()))


def codes(found: Inspection) -> list[str]:
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    "footer",
    [
        "Total: 30\n",
        "Summe;30\n",
        "-- 2 rows\n",
        "(2 rows affected)",
        "\nRow count: 2\n",
        "End of file\n",
        "\n\nData from: the bank\nLast updated: 2024-01-01\n",
        "\nWritten by the department of finance\n\n",
        "Total: 30\n3\n",
        "\nAll figures are provisional; see below\n",
        "\nDisclaimer:\nMade by the bank.\n",
        "\nNotes:\n1. Rounded to tens; not to hundreds; nor to ones; by hand\n2. By hand\n",
    ],
)
def test_a_footer_is_no_record_and_has_bytes_of_its_own(footer: str) -> None:
    found = inspected(footer)
    assert (found.row_count, codes(found), found.columns[0].type) == (2, ["footer"], "integer")
    assert found.bytes.footer == len(footer.replace("\n\n", "\n").lstrip("\n"))
    assert found.bytes.footer + found.bytes.blank == len(footer)


@pytest.mark.parametrize(
    "line",
    [
        "3\n",
        "3;30\n",
        "Total Energies\n",
        "Total Energies;30\n",
        "a sentence in a line\n",
        "\n3\n",
        "Total: 30\n3;30;c\n",
        "Summe;;30\n-- 2 rows;;;\n",
        "All of it; not\n",
        "\nAll of it;not\n",
        "\nAll of it; in; three\n",
    ],
)
def test_a_record_that_was_cut_short_is_a_record(line: str) -> None:
    found = inspected(line)
    assert found.bytes.footer == 0
    assert found.row_count == 2 + len(line.split()) if " " not in line else found.row_count > 2


def test_a_total_or_a_remark_that_fills_its_columns_is_counted_and_said() -> None:
    found = inspected("Summe;30;\n")
    assert (found.row_count, found.bytes.footer, codes(found)) == (3, 0, ["footer"])
    assert inspected("Summe;30;\n(2 rows)\n").findings[0].count == 2
    assert codes(inspected("Total: Account;30;5\n")) == codes(inspected("Totals - all;30;5\n")) == ["footer"]
    assert codes(inspected("Total Energies;30;5\n")) == []
    assert codes(inspected("Source: the bank;;\n")) == ["footer"]
    assert codes(inspected("Source: the bank;;x\n")) == []
    assert "it is counted" in found.findings[0].message


def test_the_place_of_a_footer_is_behind_the_last_record() -> None:
    (finding,) = inspected("\n-- 2 rows\n").findings
    (place,) = finding.first
    assert (place.record, place.line, place.byte_offset, place.excerpt) == (3, 5, len(RECORDS) + 1, "-- 2 rows")


@pytest.mark.parametrize(("lines", "footer_lines"), [(MOST_LINES, MOST_LINES), (MOST_LINES + 1, 0)])
def test_a_long_run_of_such_lines_is_no_footer(lines: int, footer_lines: int) -> None:
    found = inspected("3;30;c\n" * 100 + "Note: x\n" * lines)
    assert (found.row_count, found.bytes.footer) == (102 + lines - footer_lines, 8 * footer_lines)
