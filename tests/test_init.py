"""The public names: few, sorted, and changed only on purpose."""

from __future__ import annotations

from pathlib import Path

import csvgate


def test_the_public_names_are_these() -> None:
    assert csvgate.__all__ == [
        "ColumnProfile",
        "CsvgateError",
        "Dialect",
        "Finding",
        "Inspection",
        "PermanentError",
        "TransientError",
        "Verdict",
        "inspect",
    ]
    assert all(hasattr(csvgate, name) for name in csvgate.__all__)
    assert not hasattr(csvgate, "Frobnicator")


def test_a_file_is_inspected_as_the_first_lines_of_the_package_say(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(b"id,name\n1,Ada\n")
    inspection = csvgate.inspect(lambda: iter([file.read_bytes()]))
    assert (inspection.verdict, inspection.row_count, inspection.column_names) == ("ok", 1, ("id", "name"))
