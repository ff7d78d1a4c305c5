"""A container engine with Compose in: whether it answers, commands in, what it printed, out."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Mapping
from pathlib import Path

NAME = "Docker engine with Compose that answers"


@functools.cache
def is_there() -> bool:
    """It answers, here or where DOCKER_HOST says, and knows Compose."""
    asked = (["docker", "info"], ["docker", "compose", "version"])
    try:
        return all(subprocess.run(each, capture_output=True, check=False).returncode == 0 for each in asked)
    except FileNotFoundError:
        return False


def run(command: str, directory: Path, environment: Mapping[str, str]) -> str:
    """What was printed by the commands, as a shell runs them that stops at the first one that fails."""
    done = _done(command, directory, environment)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def refused(command: str, directory: Path, environment: Mapping[str, str]) -> str:
    """What was complained of by a command that fails."""
    done = _done(command, directory, environment)
    assert done.returncode != 0, f"{done.stdout}\n{done.stderr}"
    return done.stderr


def _done(command: str, directory: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    shell = ["bash", "-c", f"set -euo pipefail\n{command}"]
    return subprocess.run(shell, cwd=directory, env=environment, text=True, capture_output=True, check=False)
