"""A short proof: csvgate stands what the usual pipeline does not."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

import benchmarks.proof.__main__ as proof
from benchmarks.proof.__main__ import is_unharmed, main
from benchmarks.proof.page import comparison

SHORT = ["--keys", "4", "--rows", "600", "--kills", "8", "--kills-per-crash", "3", "--json"]
FOUND = {
    "killed": 12,
    "crashed": 2,
    "rows_right": 1000,
    "rows_stored": 1000,
    "rows_missing": 0,
    "rows_again": 0,
    "rows_wrong": 0,
    "versions": 6,
    "stale": 0,
}
RESULT = {"size": {"keys": 2, "versions": 3, "rows": 5, "seed": 1}, "found": {"usual": FOUND, "csvgate": FOUND}}


@pytest.mark.long
def test_a_short_proof_holds_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(proof, "BUILD", tmp_path.with_name("build"))
    assert main(SHORT) == 0
    found = json.loads(capsys.readouterr().out)["found"]
    assert (found["csvgate"]["rows_stored"], found["csvgate"]["versions"]) == (4 * 3 * 600, 4 * 3)
    assert (found["usual"]["rows_again"] > 0, found["usual"]["versions"]) == (True, 4)
    assert found["csvgate"]["killed"] > 0
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A proof that was run already, in a project of its own."""
    monkeypatch.setattr(proof, "prove", lambda *_: dict(RESULT, faults={}, events=6))
    monkeypatch.setattr(proof, "page", lambda _: "a page")
    monkeypatch.setattr(proof, "filled", lambda text: text + "renewed")
    for name in ("RESULTS", "BUILD", "README"):
        monkeypatch.setattr(proof, name, tmp_path / name)
    (tmp_path / "README").touch()
    return tmp_path


@pytest.mark.parametrize(("asked", "renewed"), [([], False), (["--renew"], True)])
def test_only_who_asks_changes_what_the_project_tells(in_folder: Path, asked: list[str], *, renewed: bool) -> None:
    """Everybody else finds what was counted under build/."""
    assert proof.main(asked) == 0
    assert (in_folder / "BUILD" / "proof.md").read_text(encoding="utf-8") == "a page"
    assert ((in_folder / "README").read_text(encoding="utf-8") == "renewed") is renewed
    assert (in_folder / "RESULTS").exists() is renewed


def test_a_short_proof_renews_nothing() -> None:
    with pytest.raises(SystemExit):
        proof.main(["--keys", "4", "--renew"])


@pytest.mark.parametrize("harm", [{"rows_missing": 1}, {"rows_again": 1}, {"rows_wrong": 1}, {"versions": 5}])
def test_one_row_too_few_or_too_many_is_no_proof(harm: dict[str, int]) -> None:
    assert is_unharmed(RESULT)
    assert not is_unharmed({**RESULT, "found": {"csvgate": {**FOUND, **harm}}})


def test_the_table_has_both_side_by_side() -> None:
    assert comparison(RESULT)[4] == "| rows stored; 1,000 are right | 1,000 | 1,000 |"
