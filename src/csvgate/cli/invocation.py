"""How this process was started in; what a person types to start it again out."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from csvgate import settings

NAME = "csvgate"


def command() -> str:
    """`csvgate` where the shell finds it, else the path by which it was called: `make` calls `.venv/bin/csvgate`."""
    called = sys.argv[0]
    is_found = shutil.which(NAME, path=settings.environment().get("PATH", ""))
    return NAME if is_found or Path(called).name != NAME else shlex.quote(called)
