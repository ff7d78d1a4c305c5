"""What was logged is told once, in order of time, over all groups and streams."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from csvgate.aws import logs
from csvgate.aws.client import client
from csvgate.aws.logs import events
from csvgate.local.emulator import Emulator
from tests.aws.provision import unique, where

START = datetime(2026, 11, 1, tzinfo=UTC)

Log = Callable[[str, str, dict[int, str]], str]


@pytest.fixture
def log(emulator: Emulator) -> Log:
    """Puts messages, by seconds since the start, into a stream of a group; says the group's name."""
    cloudwatch = client("logs", **where(emulator.endpoint_url))

    def put(group: str, stream: str, messages: dict[int, str]) -> str:
        if not cloudwatch.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            cloudwatch.create_log_group(logGroupName=group)
        cloudwatch.create_log_stream(logGroupName=group, logStreamName=stream)
        at = int(START.timestamp()) * 1000
        lines = [{"timestamp": at + seconds * 1000, "message": text} for seconds, text in messages.items()]
        cloudwatch.put_log_events(logGroupName=group, logStreamName=stream, logEvents=lines)  # type: ignore[arg-type]
        return group

    return put


def told(emulator: Emulator, *groups: str, since: datetime = START) -> list[str]:
    return [event.message for event in events(client("logs", **where(emulator.endpoint_url)), groups, since=since)]


def test_the_streams_of_all_groups_are_merged_by_time(emulator: Emulator, log: Log) -> None:
    one, two = unique("/aws/lambda/one"), unique("/aws/lambda/two")
    log(one, "a", {0: "first", 40: "last\n"})
    log(one, "b", {20: "third"})
    log(two, "c", {10: "second", 30: "fourth"})
    assert told(emulator, one, two) == ["first", "second", "third", "fourth", "last"]


def test_an_event_says_where_and_when(emulator: Emulator, log: Log) -> None:
    group = log(unique("/aws/lambda/one"), "a", {90: "x"})
    (event,) = events(client("logs", **where(emulator.endpoint_url)), [group], since=START)
    assert (event.group, event.stream, event.time) == (group, "a", START + timedelta(seconds=90))


def test_only_what_was_logged_since_is_told(emulator: Emulator, log: Log) -> None:
    group = log(unique("/aws/lambda/one"), "a", {0: "before", 60: "then", 61: "after"})
    assert told(emulator, group, since=START + timedelta(minutes=1)) == ["then", "after"]


def test_a_group_that_never_logged_has_nothing_to_tell(emulator: Emulator) -> None:
    assert told(emulator, unique("/aws/lambda/none")) == []


def test_more_than_a_full_answer_is_told_once_each(
    emulator: Emulator, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "PAGE", 5)
    group = log(unique("/aws/lambda/one"), "a", {seconds: f"line {seconds}" for seconds in range(23)})
    log(group, "b", {4: "same moment"})
    messages = told(emulator, group)
    assert sorted(messages) == sorted([*(f"line {seconds}" for seconds in range(23)), "same moment"])
