"""The benchmark of loading on a few rows: each contender loads them, and the file is what the figures say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.load import __main__ as program
from benchmarks.load.contenders import CLEAN, CONTENDERS, RIVAL
from benchmarks.load.data import CONTRACT, repeat, write
from benchmarks.load.page import page
from benchmarks.load.stages import FEEDS, FileStore
from csvgate.core.inspection import Inspection, inspect
from csvgate.delivery import Arrival
from csvgate.pipeline import content


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of the benchmark."""
    write(tmp_path / "sample.csv", 50)
    return tmp_path / "sample.csv"


def inspected(file: Path) -> Inspection:
    return inspect(FileStore(file).open(Arrival(bucket="in", key="a", version_id="1")).chunks)  # type: ignore[union-attr]


def test_the_file_keeps_its_contract_and_is_loaded_as_the_figures_say(file: Path) -> None:
    """As stored bytes where it is only judged, row by row where it is cleansed."""
    inspection, store = inspected(file), FileStore(file)
    ways = {how: content.judge(store._chunks, inspection, feed, print).acceptance for how, feed in FEEDS.items()}
    assert {way.row_count for way in ways.values()} == {50}
    assert {how: way.is_as_stored for how, way in ways.items()} == {
        "typed": True,
        "contract": True,
        "cleansed": False,
        "lists": True,
    }
    assert [column.type for column in inspection.columns] == [field.type for field in CONTRACT.schema.fields]


def test_a_larger_file_has_the_same_records_again_and_again(file: Path) -> None:
    repeat(file, larger := file.with_name("larger.csv"), 20_000)
    assert larger.stat().st_size >= 20_000
    assert inspected(larger).row_count % 50 == 0


@pytest.mark.long
def test_a_trial_measures_every_contender_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "DATA", tmp_path / "data")
    program.main(["--rows", "480", "--rounds", "1", "--sizes", "1"])
    told = capsys.readouterr().out
    assert all(f"| {contender.name} |" in told for contender in CONTENDERS)
    assert "| 1 | row by row |" in told
    assert list(tmp_path.iterdir()) == []


def test_the_page_has_the_aim_first() -> None:
    speed = {
        "what": "rows",
        "aim": 0.8,
        "rounds": {RIVAL: [100], CLEAN: [90]},
        "rows_per_second": {RIVAL: 100, CLEAN: 90},
        "of_psql": {RIVAL: 1.0, CLEAN: 0.9},
        "slices": {},
    }
    told = page({"speed": speed, "memory": None, "machine": {}})
    assert told.splitlines()[2] == "A clean file into its typed table: 0.9 of psql; the aim is 0.8 or more."
