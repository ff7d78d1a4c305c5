"""The files that git knows of this checkout, out; where it is none, as with a source archive, nothing."""

from __future__ import annotations

import shutil
import subprocess

from docs.render import ROOT

NAME = "git with a clone of csvgate"


def is_there() -> bool:
    """Git is on this machine, and csvgate was cloned by it."""
    return bool(shutil.which("git")) and (ROOT / ".git").exists()


def names() -> list[str]:
    """All files that git knows, with what was changed and not committed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name]
