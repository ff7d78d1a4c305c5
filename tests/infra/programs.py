"""Programs that a reader of a page has and a test has not in; scripts of their names, which PATH finds first, out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from docs.render import ROOT


def placed(directory: Path, programs: Mapping[str, str]) -> Path:
    """The directory has them."""
    directory.mkdir()
    for name, text in programs.items():
        (directory / name).write_text(f"#!/bin/bash\n{text}\n")
        (directory / name).chmod(0o755)
    return directory


def module(name: str) -> str:
    """A module of the tests that is a program."""
    return f'PYTHONPATH={ROOT} exec {sys.executable} -m tests.infra.{name} "$@"'


def kubectl(name: str) -> str:
    """Such a module in the place of `kubectl`, but for what that renders."""
    return f"""case "$1" in
  kustomize) exec {shutil.which("kubectl")} "$@" ;;
  *) {module(name)} ;;
esac"""
