"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from csvgate.local import emulator as embedded
from csvgate.local.emulator import Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One embedded AWS per worker of xdist; its tests share it, so each uses names of its own."""
    with embedded.start(tmp_path_factory.mktemp("emulator"), port=0) as running:
        yield running
