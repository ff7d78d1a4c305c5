"""The truth beside the data is the truth, read back by means that had no part in making them."""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path
from statistics import mean

import pytest

from benchmarks.inspect.datasets import make
from benchmarks.inspect.truth import Figures, Truth, load

TINY = 0.0001
TABLES = ("taxi", "text", "wide", "taxi-slice", "text-slice")


def only_file(name: str, folder: Path) -> Truth:
    """The truth about a dataset of one file."""
    (file,) = make(name, folder, TINY).files
    return file


def columns_of(file: Truth) -> dict[str, list[str]]:
    """The values of each column, as the csv module reads them."""
    with Path(file.path).open(encoding="utf-8", newline="") as opened:
        header, *records = csv.reader(opened)
    assert len(records) == file.rows
    return {name: [record[place] for record in records] for place, name in enumerate(header)}


def figures_of(values: list[str], known: Figures) -> Figures:
    """What the values hold; numbers are compared as numbers, and what is not known is not counted."""
    present = [value for value in values if value]
    is_numeric = known.type in {"integer", "number"}
    least, greatest = min(present, key=float if is_numeric else str), max(present, key=float if is_numeric else str)
    return Figures(
        type=known.type,
        nulls=len(values) - len(present),
        distinct=len(set(present)),
        min=least if known.min is not None else None,
        max=greatest if known.max is not None else None,
        mean=known.mean if is_numeric and math.isclose(mean(map(float, present)), known.mean or 0) else None,
    )


@pytest.mark.parametrize("name", TABLES)
def test_the_figures_of_every_column_are_those_of_the_file(name: str, tmp_path: Path) -> None:
    file = only_file(name, tmp_path)
    columns = columns_of(file)
    assert list(columns) == list(file.figures)
    assert {name: figures_of(columns[name], known) for name, known in file.figures.items()} == file.figures


def test_text_has_more_lines_than_records(tmp_path: Path) -> None:
    file = only_file("text", tmp_path)
    assert Path(file.path).read_bytes().count(b"\n") > 2 * file.rows


def test_defects_stand_where_they_are_said_to_stand(tmp_path: Path) -> None:
    file = only_file("defects", tmp_path)
    data = Path(file.path).read_bytes()
    for defect in file.defects:
        before, line = data[: defect.byte_offset], data[defect.byte_offset :].split(b"\n")[0]
        assert before.count(b"\n") + 1 == defect.line
        if defect.code == "encoding-error":
            assert line.decode("utf-8", "surrogateescape")[0] >= "\udc80"
        else:
            assert line.startswith(b"%d,Consignee" % defect.record)


def test_there_are_117_defects_and_no_other_record_is_broken(tmp_path: Path) -> None:
    file = only_file("defects", tmp_path)
    text = Path(file.path).read_text(encoding="utf-8", errors="surrogateescape")
    _, *records = csv.reader(text.splitlines(keepends=True))
    lengths = {number: len(record) for number, record in enumerate(records, 1) if len(record) != file.columns}
    ragged = {defect.record for defect in file.defects if defect.code != "encoding-error"}
    assert lengths.keys() == ragged
    assert Counter(defect.code for defect in file.defects) == dict.fromkeys(
        ("extra-cell", "missing-cell", "encoding-error"), 39
    )


def test_data_are_made_once_for_a_recipe(tmp_path: Path) -> None:
    first = make("taxi", tmp_path, TINY)
    Path(first.files[0].path).unlink()
    assert make("taxi", tmp_path, TINY) == first == load(tmp_path / "taxi.json")
    assert make("taxi", tmp_path, TINY * 10) != first


def test_the_same_recipe_makes_the_same_bytes(tmp_path: Path) -> None:
    one, other = (make("small", tmp_path / name, 0.003).files for name in ("one", "other"))
    assert [file.sha256 for file in one] == [file.sha256 for file in other]
    assert [file.rows for file in one] == [Path(file.path).read_text().count("\n") - 1 for file in one]
