"""A directory in; a copy of this checkout there, in which commands are typed, out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docs.render import ROOT
from tests.infra import clone, engine

WHO = "git -c user.name=somebody -c user.email=somebody@example.com"


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """A copy of the checkout, and what its commands find in their environment."""

    directory: Path
    environment: Mapping[str, str]

    def run(self, command: str) -> str:
        """What was printed by commands that succeed."""
        return engine.run(command, self.directory, self.environment)

    def refused(self, command: str) -> str:
        """What was complained of by a command that fails."""
        return engine.refused(command, self.directory, self.environment)


def copied(directory: Path, **environment: str) -> Checkout:
    """All that git knows of is there, with what was changed and not committed."""
    for name in clone.names():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, directory / name)
    return Checkout(directory=directory, environment={**os.environ, **environment})


def committed(checkout: Checkout) -> str:
    """The copy is a clone with one commit, by which images are tagged."""
    checkout.run(f"git init -q && git add --all && {WHO} commit -q -m 'The first'")
    return checkout.run("git rev-parse HEAD").strip()
