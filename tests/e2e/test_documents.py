"""What documents show is what a reader sees; those that need a stack start one, use it and stop it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from docs.render import DOCUMENTS, ROOT, desk, environment, fences, prompts, run, sessions, settled
from tests.telling.test_mail import free_port


def with_commands() -> Iterator[object]:
    """The documents, each with what a machine may lack that its commands call."""
    for path in DOCUMENTS:
        if shown := sessions(path.read_text(encoding="utf-8")):
            calls_curl = any(re.search(r"\bcurl ", prompt.command) for fence in shown for prompt in prompts(fence))
            marks = [pytest.mark.curl] if calls_curl else []
            yield pytest.param(path, id=path.relative_to(ROOT).as_posix(), marks=marks)


@pytest.mark.parametrize("path", [*with_commands()])
def test_a_reader_sees_what_the_document_shows(path: Path) -> None:
    """`python -m docs.render` brings a document up to date."""
    with desk() as directory:
        for prompt in (prompt for fence in sessions(path.read_text(encoding="utf-8")) for prompt in prompts(fence)):
            assert settled(run(prompt.command, directory)) == settled(prompt.output), prompt.command


@pytest.mark.long
def test_the_receiver_that_the_page_shows_hears_of_a_file() -> None:
    """All that "Try it here" says, on a port that nobody else has."""
    page = (ROOT / "docs" / "how-to" / "be-told.md").read_text(encoding="utf-8")
    port = str(free_port())
    feeds = next(fence.text for fence in fences(page) if fence.language == "yaml" and "trial/" in fence.text)
    receiver, commands = (
        next(fence.text for fence in fences(page) if kind in {fence.language, fence.need}).replace("9000", port)
        for kind in ("python", "webhook")
    )
    with desk() as directory:
        (directory / "feeds.yaml").write_text(feeds)
        (directory / "listen.py").write_text(receiver)
        script = commands.replace("worker record", "worker record --listen -")
        with (
            running("timeout --foreground 100 .venv/bin/python listen.py", directory) as told,
            running(script, directory),
        ):
            heard = told.stdout.readline() if told.stdout else ""
    assert '"type": "csvgate.delivery.recorded"' in heard
    assert '"subject": "trial/orders.csv"' in heard


@contextmanager
def running(script: str, directory: Path) -> Iterator[subprocess.Popen[str]]:
    """What somebody started in a terminal of that directory, and ends with Ctrl-C."""
    with subprocess.Popen(
        ["bash", "-c", script],
        cwd=directory,
        env=environment(directory),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            os.killpg(child.pid, signal.SIGINT)
