"""The embedded AWS: it starts clean, listens on the loopback address only, and leaves nothing behind."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from csvgate.errors import PermanentError, UsageError
from csvgate.local import emulator as embedded
from csvgate.local import processes
from csvgate.local.emulator import Emulator
from csvgate.local.services import Services
from tests.local.listening import LOOPBACK, listeners, ports
from tests.waiting import until

SLEEPER = """
import pathlib, signal, tempfile, time
def handler(event, context):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pathlib.Path(tempfile.gettempdir(), "busy").touch()
    time.sleep(60)
"""


def environment_of(pid: int) -> dict[str, str]:
    """What a process was given as its environment."""
    entries = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(entry.split("=", 1) for entry in entries if entry)


def call_sleeper(emulator: Emulator) -> None:
    """A function of the emulator is busy for a minute, and does not listen to polite requests."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("sleeper.py", SLEEPER)
    functions = Services.at(emulator.endpoint_url).functions
    functions.create_function(
        FunctionName="sleeper",
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/any",
        Handler="sleeper.handler",
        Code={"ZipFile": code.getvalue()},
        Timeout=60,
    )
    functions.invoke(FunctionName="sleeper", InvocationType="Event")


def test_it_listens_on_the_loopback_address_only(emulator: Emulator) -> None:
    """MiniStack's own default is every address."""
    assert listeners(emulator.port) == {LOOPBACK}


def test_it_opens_one_port_only(emulator: Emulator) -> None:
    """No MQTT, no SFTP: nothing but the endpoint."""
    assert ports(emulator.pid) == [emulator.port]


def test_where_it_is_not_installed_it_says_how_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever installs csvgate without brackets has a command line, and no emulator."""
    monkeypatch.setattr(embedded, "PACKAGE", "no_such_package")
    with pytest.raises(UsageError, match=r"pip install 'csvgate\[local\]'"):
        embedded.start(tmp_path, port=0)


def test_it_leads_a_group_of_its_own(emulator: Emulator) -> None:
    """Ctrl-C in the terminal does not reach it, and one signal reaches all its workers."""
    assert os.getpgid(emulator.pid) == emulator.pid != os.getpgrp()


def test_no_secret_of_the_caller_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its functions inherit its environment, so it is made from nothing."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@db/prod")
    with embedded.start(tmp_path, port=0) as emulator:
        given = environment_of(emulator.pid)
    assert given.keys().isdisjoint({"AWS_SECRET_ACCESS_KEY", "DATABASE_URL"})
    assert given["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_stopping_leaves_no_process_and_no_listener(tmp_path: Path) -> None:
    """And stopping again is no error."""
    emulator = embedded.start(tmp_path, port=0)
    emulator.stop()
    assert not emulator.is_alive
    assert not processes.members(emulator.pid)
    assert not listeners(emulator.port)
    emulator.stop()


def test_stopping_ends_functions_that_are_busy(tmp_path: Path) -> None:
    """They are in its group; a handler that would sleep for a minute does not hold us up."""
    emulator = embedded.start(tmp_path, port=0)
    call_sleeper(emulator)
    until((tmp_path / "scratch" / "busy").exists)
    assert len(processes.members(emulator.pid)) > 1
    begun = time.monotonic()
    emulator.stop()
    assert not processes.members(emulator.pid)
    assert time.monotonic() - begun < 20


def test_stopping_ends_functions_that_outlived_it(tmp_path: Path) -> None:
    """Killed alone, it leaves the busy ones behind."""
    emulator = embedded.start(tmp_path, port=0)
    call_sleeper(emulator)
    until((tmp_path / "scratch" / "busy").exists)
    os.kill(emulator.pid, signal.SIGKILL)
    until(lambda: not emulator.is_alive)
    assert processes.members(emulator.pid)
    emulator.stop()
    assert not processes.members(emulator.pid)


def test_a_dead_one_is_not_alive(tmp_path: Path) -> None:
    """Also while nobody has reaped it."""
    emulator = embedded.start(tmp_path, port=0)
    os.kill(emulator.pid, signal.SIGKILL)
    until(lambda: not emulator.is_alive)


def test_a_stranger_with_its_number_is_not_stopped(tmp_path: Path) -> None:
    """Process numbers are used again; what is written in a file may be old."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        Emulator(pid=stranger.pid, port=1, data_dir=tmp_path).stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_taken_port_that_was_asked_for_is_an_error(tmp_path: Path) -> None:
    """The message names it and says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is in use"):
            embedded.start(tmp_path, port=port)


def test_without_a_wish_a_taken_usual_port_is_avoided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's own emulator may have it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(embedded, "USUAL_PORT", taken.getsockname()[1])
        with embedded.start(tmp_path) as emulator:
            assert emulator.port != taken.getsockname()[1]


def test_one_that_cannot_start_says_what_its_log_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves no process."""
    monkeypatch.setattr(embedded, "_arguments", lambda *_: ("-c", "raise SystemExit('no luck today')"))
    with pytest.raises(PermanentError, match="no luck today"):
        embedded.start(tmp_path, port=0)


def test_scratch_of_an_earlier_one_is_cleared_and_its_state_kept(tmp_path: Path) -> None:
    """Dead emulators leave unpacked functions behind; `fresh` clears the state as well."""
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "left").touch()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "kept.json").touch()
    embedded.start(tmp_path, port=0).stop()
    assert not (tmp_path / "scratch" / "left").exists()
    assert (tmp_path / "state" / "kept.json").exists()
    embedded.start(tmp_path, port=0, fresh=True).stop()
    assert not (tmp_path / "state" / "kept.json").exists()


def test_one_that_was_killed_is_known_until_somebody_made_up_for_it(tmp_path: Path) -> None:
    """It writes its state only at its end: a clean one, or one that never came."""
    with embedded.start(tmp_path, port=0):
        assert not embedded.was_cut_off(tmp_path)
    with embedded.start(tmp_path, port=0) as emulator:
        assert not embedded.was_cut_off(tmp_path)
        os.killpg(emulator.pid, signal.SIGKILL)
        until(lambda: not emulator.is_alive)
    for _ in range(2):
        with embedded.start(tmp_path, port=0):
            assert embedded.was_cut_off(tmp_path)
    embedded.recovered(tmp_path)
    assert not embedded.was_cut_off(tmp_path)


def test_it_is_found_by_its_data_directory(emulator: Emulator, tmp_path: Path) -> None:
    """Also by a process that did not start it, and knows nothing else."""
    assert embedded.find(emulator.data_dir) == emulator
    assert embedded.find(tmp_path) is None
