"""A command is measured from outside, with all that it starts."""

from __future__ import annotations

import sys

from benchmarks.inspect.process import run

MEGABYTE = 10**6
HOLD = "import time; held = bytearray(60_000_000); time.sleep(0.5)"
TWICE = f"import subprocess, sys; held = bytearray(60_000_000); subprocess.run([sys.executable, '-c', {HOLD!r}])"


def python(code: str) -> list[str]:
    """The command that runs the code."""
    return [sys.executable, "-c", code]


def test_output_and_exit_code_are_those_of_the_command() -> None:
    ended = run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"))
    assert (ended.output, ended.complaint, ended.exit_code) == ("out\n", "err\n", 3)


def test_the_memory_of_a_process_is_its_own() -> None:
    assert 60 * MEGABYTE < run(python(HOLD)).peak_bytes < 110 * MEGABYTE


def test_the_memory_of_processes_that_run_at_once_is_added_up() -> None:
    assert 120 * MEGABYTE < run(python(TWICE)).peak_bytes < 180 * MEGABYTE


def test_processor_time_is_that_of_the_work_and_not_of_waiting() -> None:
    ended = run(python("import time; time.sleep(0.6)"))
    assert ended.cpu_seconds < ended.seconds
    assert ended.seconds > 0.6


def test_patience_ends() -> None:
    ended = run(python("import time; time.sleep(600)"), patience=0.1)
    assert (ended.exit_code, ended.given_up) == (-9, "it took too long")


def test_what_takes_more_memory_than_is_to_be_had_is_ended() -> None:
    ended = run(python("import time; held = bytearray(60_000_000); time.sleep(600)"), most_bytes=50 * MEGABYTE)
    assert (ended.exit_code, ended.given_up) == (-9, "it took more than 0.1 GB")
