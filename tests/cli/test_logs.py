"""csvgate logs: what the functions logged, told once, and safely."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from click.testing import CliRunner

from csvgate.aws.logs import LogEvent
from csvgate.cli.logpage import log_line
from csvgate.cli.logs import followed
from csvgate.cli.main import csvgate
from csvgate.cli.session import Session
from csvgate.telemetry.emf import EmbeddedMetrics

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
LINE = {"level": "info", "function": "process_csv", "delivery_id": "ab" * 32, "key": "a.csv", "state": "inspected"}


def event(message: str, seconds: int = 0) -> LogEvent:
    """A line that was logged so many seconds after ten."""
    group = "/aws/lambda/process_csv"
    return LogEvent(group=group, stream="s", time=NOW + timedelta(seconds=seconds), message=message)


def logged(shell: CliRunner, session: Session, events: list[LogEvent], *options: str) -> list[dict[str, str]]:
    """What csvgate logs prints of them."""
    ran = shell.invoke(csvgate, ["logs", *options], obj=replace(session, logs=lambda _: iter(events)))
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_in_a_pipe_every_line_is_a_json_object(shell: CliRunner, session: Session) -> None:
    """Also what is no JSON, such as a traceback; where it comes from is added."""
    lines = logged(shell, session, [event(json.dumps(LINE)), event("Traceback \x1b[31m")])
    assert (lines[0]["delivery_id"], lines[1]["message"]) == ("ab" * 32, "Traceback \x1b[31m")
    assert [line["function"] for line in lines] == ["process_csv", "process_csv"]


def test_what_the_runtime_says_is_told_only_if_asked_for(shell: CliRunner, session: Session) -> None:
    """Three lines per call say nothing of files."""
    figures = EmbeddedMetrics(bucket="inbound")
    figures.set("csvgate_outbox_waiting", 0)
    started, ended = "START RequestId: 1 Version: $LATEST", "REPORT RequestId: 1"
    events = [event(message) for message in (started, json.dumps(LINE), *figures.lines(NOW), ended)]
    assert len(logged(shell, session, events)) == 1
    assert len(logged(shell, session, events, "--runtime")) == 4


def test_since_that_is_no_time_is_wrong_usage(shell: CliRunner, session: Session) -> None:
    """The message shows how to write it."""
    ran = shell.invoke(csvgate, ["logs", "--since", "yesterday"], obj=session)
    assert (ran.exit_code, "10m" in ran.stderr) == (2, True)


def test_following_tells_each_line_once_and_late_ones_too() -> None:
    """A line may come after one that was logged later."""
    written = [event("second", 2)]

    def read(since: datetime) -> Iterator[LogEvent]:
        return (line for line in written if line.time >= since)

    lines = followed(read, NOW, lambda _: written.extend([event("first", 1), event("third", 3)]))
    assert [line.message for line in islice(lines, 3)] == ["second", "first", "third"]


def test_a_line_on_a_terminal_tells_the_file_and_is_safe(on_terminal: Callable[..., str]) -> None:
    """Time, function, key and state; hostile keys are spelled out."""
    line = on_terminal(log_line(NOW, "/aws/lambda/process_csv", {**LINE, "key": "\x1b[2J.csv", "ms": 12}), 120)
    assert all(part in line for part in ("10:00:00.000", "process_csv", "\\x1b", "inspected", "12 ms", "abababab"))
    assert "\x1b[2J" not in line


def test_a_line_on_a_terminal_says_what_happened_once(on_terminal: Callable[..., str]) -> None:
    """What machines look for stays in the JSON."""
    said = {**LINE, "message": "a delivery is inspected", "stage": "inspect", "trace_id": "4bf9", "feed": "sales"}
    line = on_terminal(log_line(NOW, "/aws/lambda/process_csv", said), 120)
    assert (line.count("inspected"), "trace_id" in line, "sales" in line) == (1, False, False)
    compared = {"message": "bucket, sinks and catalog compared", "level": "warning"}
    assert "compared" in on_terminal(log_line(NOW, "/aws/lambda/record_csv", compared), 120)
