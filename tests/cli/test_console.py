"""A terminal gets pages, colours and progress; a pipe gets lines and silence."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
HIDDEN_CURSOR = "\x1b[?25l"


def at_a_terminal(*arguments: str, **environment: str) -> str:
    """What csvgate writes to a terminal, standard error included."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from csvgate.cli import main; main()", *arguments],
        env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "80", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = b""
    # The system says EIO when the other side of a terminal is gone.
    try:
        while part := os.read(ours, 1 << 16):
            written += part
    except OSError:
        pass
    os.close(ours)
    process.wait()
    return written.decode()


def test_a_terminal_gets_a_page_in_colour() -> None:
    """With the verdict first."""
    page = at_a_terminal("inspect", str(SAMPLES / "report.csv"))
    assert "✗" in page.splitlines()[1]
    assert COLOUR.search(page)


def test_no_color_is_respected() -> None:
    """As no-color.org asks."""
    page = at_a_terminal("inspect", str(SAMPLES / "report.csv"), NO_COLOR="1")
    assert "✗" in page
    assert not COLOUR.search(page)


def test_json_at_a_terminal_is_json_and_nothing_else() -> None:
    """What a person copies is what a program reads."""
    assert at_a_terminal("explain", "extra-cell", "--json").lstrip().startswith("{")


@pytest.mark.parametrize("width", ["40", "200"])
def test_the_page_is_as_wide_as_the_terminal(width: str) -> None:
    """The frame shows it."""
    page = at_a_terminal("inspect", str(SAMPLES / "report.csv"), COLUMNS=width, NO_COLOR="1")
    assert len(page.splitlines()[0]) == int(width)


def test_a_large_file_shows_its_progress_on_a_terminal_only(tmp_path: Path) -> None:
    """A small one is done before anybody looks."""
    large = tmp_path / "large.csv"
    large.write_bytes(b"a,b\n" + (b"1," + b"x" * 1_000 + b"\n") * 20_000)
    assert HIDDEN_CURSOR in at_a_terminal("inspect", str(large))
    assert HIDDEN_CURSOR not in at_a_terminal("inspect", str(SAMPLES / "report.csv"))
