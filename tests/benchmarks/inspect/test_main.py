"""The whole benchmark on tiny files: what the table says is true, whatever the times are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.inspect.__main__ import main
from benchmarks.inspect.lineup import CONTENDERS, ENTRIES
from benchmarks.output import RESULTS

TINY = ["--scale", "0.0001", "--rounds", "1"]


def run(folder: Path, *options: str) -> dict[str, Any]:
    """The document of a run."""
    main([*TINY, "--data", str(folder), *options])
    document: dict[str, Any] = json.loads((folder / "inspect.json").read_text(encoding="utf-8"))
    return document


def answers(document: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Who said what, by dataset and contender."""
    return {(found["dataset"], found["contender"]): found["answer"] for found in document["medians"]}


def test_a_trial_measures_what_is_asked_for_and_leaves_no_data(tmp_path: Path) -> None:
    found = answers(run(tmp_path, "--only", "text,defects", "--contenders", "csvgate,csv.reader,wc"))
    assert {key: answer for key, answer in found.items() if answer == "right"} == {
        ("text", "csvgate"): "right",
        ("text", "csv.reader"): "right",
        ("defects", "csvgate"): "right",
    }
    assert found["text", "wc"].startswith("wrong: rows ")
    assert found["defects", "csv.reader"].startswith("error: UnicodeDecodeError")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inspect.json", "inspect.md"]


def test_a_trial_changes_no_results_of_the_repository(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in RESULTS.iterdir()}
    run(tmp_path, "--only", "taxi-slice", "--contenders", "wc", "--keep")
    assert {path: path.read_bytes() for path in RESULTS.iterdir()} == before
    assert (tmp_path / "0.0001" / "taxi-slice.csv").exists()


@pytest.mark.parametrize("option", ["--only", "--contenders"])
def test_a_name_that_is_not_known_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([option, "taxi,duckbd"])
    assert "not known: duckbd" in capsys.readouterr().err


@pytest.mark.long
def test_every_contender_answers_for_all_it_is_entered_for(tmp_path: Path) -> None:
    document = run(tmp_path)
    found = answers(document)
    assert list(found) == [(dataset, name) for dataset, names in ENTRIES.items() for name in names]
    assert {key for key, answer in found.items() if answer != "right"} == {
        ("text", "wc"),
        ("text-slice", "wc"),
        *(("defects", name) for name in ENTRIES["defects"] if name != "csvgate"),
    }
    assert all(contender in (tmp_path / "inspect.md").read_text() for contender in CONTENDERS)
    assert {aim["reached"] for aim in document["aims"]} <= {True, False}
    assert str(tmp_path) not in json.dumps(document)
