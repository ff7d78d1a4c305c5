"""Log groups in, what was logged there out: one stream of events, oldest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from csvgate.aws.errors import translated

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_logs.type_defs import FilteredLogEventTypeDef

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PAGE = 10_000  # the most that FilterLogEvents gives


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEvent:
    """One line of a log; `stream` is one run of a function, or one environment that serves many."""

    group: str
    stream: str
    time: datetime
    message: str


def events(client: CloudWatchLogsClient, groups: Iterable[str], *, since: datetime) -> Iterator[LogEvent]:
    """All that was logged in the groups since then, by time; a group that does not exist yet has nothing."""
    return heapq.merge(*(_of_group(client, group, since) for group in groups), key=lambda event: event.time)


def _of_group(client: CloudWatchLogsClient, group: str, since: datetime) -> Iterator[LogEvent]:
    with translated():
        try:
            for entry in _entries(client, group, (since - EPOCH) // timedelta(milliseconds=1)):
                yield _event(group, entry)
        except client.exceptions.ResourceNotFoundException:
            return


def _entries(client: CloudWatchLogsClient, group: str, start: int) -> Iterator[FilteredLogEventTypeDef]:
    """All pages; where a full one ends without a token (emulators have none), on from its last millisecond."""
    where: dict[str, Any] = {"startTime": start}
    given: list[FilteredLogEventTypeDef] = []
    while True:
        page = client.filter_log_events(logGroupName=group, limit=PAGE, **where)
        fresh = [entry for entry in page["events"] if entry not in given]
        yield from fresh
        if "nextToken" in page:
            where["nextToken"] = page["nextToken"]
        elif fresh and len(page["events"]) >= PAGE:
            where = {"startTime": fresh[-1]["timestamp"]}
            given = [entry for entry in fresh if entry["timestamp"] == where["startTime"]]
        else:
            return


def _event(group: str, entry: FilteredLogEventTypeDef) -> LogEvent:
    return LogEvent(
        group=group,
        stream=entry["logStreamName"],
        time=EPOCH + timedelta(milliseconds=entry["timestamp"]),
        message=entry["message"].rstrip("\n"),
    )
