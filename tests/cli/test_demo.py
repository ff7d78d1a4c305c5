"""csvgate demo, as far as it needs no stack; tests/e2e has the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from csvgate.cli.demo import FEEDS, PSQL, SAMPLES, closing, delivered, hints, print_answer, sample
from csvgate.cli.page import brief_page
from csvgate.cli.session import Session
from csvgate.postgres.answer import Answer
from tests.receipts import LOAD, Receipts, finding


def test_the_samples_are_there() -> None:
    """In the checkout, and so in the wheel."""
    assert all(sample(name).is_file() for name in (*SAMPLES, FEEDS))


def test_the_samples_give_one_receipt_each_in_their_order(session: Session) -> None:
    """One is clean, two need a look, one is no CSV."""
    receipts = delivered(session)
    assert [receipt["filename"] for receipt in receipts] == list(SAMPLES)
    assert [receipt["verdict"] for receipt in receipts] == ["ok", "warning", "warning", "rejected"]


def test_the_closing_line_sums_up(receipt: Receipts) -> None:
    """Verdicts, time, and that nothing is left."""
    receipts = [receipt(), receipt(verdict="warning"), receipt(verdict="rejected")]
    assert closing(receipts, 6.24).startswith("3 files in 6.2 s: 1 ok, 1 with a warning, 1 rejected.")


def test_the_hints_fit_a_terminal_and_name_a_file_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where csvgate is typed with its path."""
    monkeypatch.chdir(Path(__file__).parents[2])
    monkeypatch.setattr("csvgate.cli.demo.command", lambda: ".venv/bin/csvgate")
    assert "  .venv/bin/csvgate inspect samples/sensors.csv   the whole" in hints()
    assert "  .venv/bin/csvgate up   " in hints()
    assert max(map(len, hints().splitlines())) <= 80


def test_where_there_were_rows_the_hints_lead_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    monkeypatch.setattr("csvgate.cli.demo.command", lambda: ".venv/bin/csvgate")
    told = hints(with_rows=True)
    assert "  .venv/bin/csvgate up --detach --postgres --feeds samples/feeds.yaml\n" in told
    assert "sed -n 's/^database\\t//p')\n" in told
    assert told.endswith(PSQL.strip().replace("\n", "\n  "))
    assert max(map(len, told.splitlines())) <= 80


def test_rows_that_were_loaded_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """With the question that one may ask oneself; it fits a terminal."""
    print_answer(Answer(columns=("name", "plz"), rows=(("Jürgen", "01067"), ("Bärbel", None))))
    assert capsys.readouterr().out == "Jürgen\t01067\nBärbel\t\n\n"
    assert max(map(len, PSQL.splitlines())) <= 80


def test_the_brief_page_tells_each_finding_in_a_line(receipt: Receipts, on_terminal: Callable[..., str]) -> None:
    """Under the verdict and the columns."""
    page = on_terminal(brief_page(receipt(findings=[finding()], load=LOAD)))
    assert "extra-cell: One record is too long." in page
    assert "998 rows into postgresql" in page
    assert "id (integer)" in page
