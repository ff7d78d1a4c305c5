"""What documents show is what a reader sees; those that need a stack start one, use it and stop it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from csvgate.local import emulator
from docs.render import DOCUMENTS, ROOT, desk, environment, fences, prompts, run, sessions, settled

WITH_COMMANDS = [path for path in DOCUMENTS if sessions(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_reader_sees_what_the_document_shows(path: Path) -> None:
    """`python -m docs.render` brings a document up to date."""
    with desk() as directory:
        for prompt in (prompt for fence in sessions(path.read_text(encoding="utf-8")) for prompt in prompts(fence)):
            assert settled(run(prompt.command, directory)) == settled(prompt.output), prompt.command


# The AWS CLI is the reader's own.
PATH = f"{Path(sys.executable).parent}:{os.defpath}"
# What `make package` and git would do in a checkout that has both.
CHECKOUT = """set -euo pipefail
make() { .venv/bin/python -m csvgate.local.package build/csvgate-lambda.zip; }
git() { echo 0123abc; }
"""


@pytest.mark.long
def test_the_commands_for_an_account_deploy_into_an_emulator_too(tmp_path: Path) -> None:
    """All of the page in its order; at the end the `.env` file that it wrote suffices."""
    page = (ROOT / "docs" / "how-to" / "aws.md").read_text(encoding="utf-8")
    commands = "\n".join(fence.text for fence in fences(page) if fence.need == "aws")
    with desk() as directory, emulator.start(tmp_path, port=0) as running:
        (directory / "infra").symlink_to(ROOT / "infra")
        (directory / ".aws").mkdir()
        (directory / ".aws" / "config").write_text("[default]\nregion = us-east-1\n")
        (directory / ".aws" / "credentials").write_text(
            "[default]\naws_access_key_id = test\naws_secret_access_key = test\n"
        )
        script = f"{CHECKOUT}\n{commands}\nunset CSVGATE_TARGET\ncsvgate ls --json"
        where = {**environment(directory), "PATH": PATH, "AWS_ENDPOINT_URL": running.endpoint_url}
        done = subprocess.run(
            ["bash", "-c", script], cwd=directory, env=where, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    assert '"key": "orders.csv"' in done.stdout
