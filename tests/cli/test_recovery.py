"""What a killed emulator forgot comes again by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from csvgate.cli.recovery import recover
from csvgate.cli.session import Session
from csvgate.delivery import Arrival
from csvgate.local import emulator
from csvgate.memory import MemoryObjectStore


@pytest.mark.parametrize("was_killed", [True, False])
def test_what_survived_without_a_delivery_is_enqueued_and_counted(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, was_killed: bool
) -> None:
    """Once, only after a kill, and whatever keys the settings name: a local stack takes in all."""
    sent: list[Arrival] = []
    assert isinstance(session.ports.objects, MemoryObjectStore)
    session.ports.objects.put("in", "a.csv", b"a,b\n1,2\n")
    if was_killed:
        (tmp_path / emulator.CUT_OFF).touch()
    for _ in range(2):
        recover(replace(session, key_prefix="elsewhere/", enqueue=sent.append), tmp_path)
    assert [arrival.key for arrival in sent] == (["a.csv"] if was_killed else [])
    told = "1 object version survived, and 1 that the catalog had lost are on the queue again"
    assert (told in capsys.readouterr().err) == was_killed
