"""Hints can be typed as they stand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from csvgate.cli.invocation import command


@pytest.mark.parametrize(("is_found", "typed"), [(True, "csvgate"), (False, ".venv/bin/csvgate")])
def test_the_path_is_named_where_the_shell_would_not_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, *, is_found: bool
) -> None:
    """`make demo` works without an activated environment."""
    if is_found:
        (tmp_path / "csvgate").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [".venv/bin/csvgate", "demo"])
    assert command() == typed


def test_a_process_of_another_name_says_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -c` is no name."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", ["-c"])
    assert command() == "csvgate"
