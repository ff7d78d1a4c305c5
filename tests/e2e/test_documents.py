"""What documents show is what a reader sees; those that need a stack start one, use it and stop it."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.render import DOCUMENTS, ROOT, desk, prompts, run, sessions, settled

WITH_COMMANDS = [path for path in DOCUMENTS if sessions(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_reader_sees_what_the_document_shows(path: Path) -> None:
    """`python -m docs.render` brings a document up to date."""
    with desk() as directory:
        for prompt in (prompt for fence in sessions(path.read_text(encoding="utf-8")) for prompt in prompts(fence)):
            assert settled(run(prompt.command, directory)) == settled(prompt.output), prompt.command
