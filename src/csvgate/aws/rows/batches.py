"""Requests to put or delete items in; all of them done, many at a time, out: BatchWriteItem, as often as it takes.

What DynamoDB leaves undone (UnprocessedItems) is asked for again, after a random pause, until the deadline.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from csvgate.aws.errors import translation
from csvgate.aws.patience import tries
from csvgate.errors import TransientError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

BATCH = 25  # BatchWriteItem takes no more,
# nor more than 16 MB as JSON, in which a character takes up to twelve bytes.
BATCH_WEIGHT = 1_000_000
WRITERS = 8
# So many batches are ready before they are written; no more of a file is in memory.
AHEAD = 2 * WRITERS
BATCH_TRIES = 60
BATCH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Request:
    """An item to put or to delete; `mark` is how far one is when it is done, `weight` its characters."""

    mark: int
    request: Any
    weight: int = 0


class Batches:
    """Writes into one table; safe to share between threads."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def write(self, requests: Iterable[Request]) -> Iterator[int]:
        """The requests are done up to each mark that is given; they are read as they can be written."""
        writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="csvgate-rows")
        waiting: deque[Future[int]] = deque()
        try:
            for batch in batches(requests):
                waiting.append(writers.submit(self._write, batch))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            writers.shutdown(cancel_futures=True)

    def _write(self, batch: list[Request]) -> int:
        left: Any = {self._table: [each.request for each in batch]}
        deadline = time.monotonic() + BATCH_SECONDS
        for _ in tries(BATCH_TRIES):
            left = self._left(left)
            if not left:
                return batch[-1].mark
            if time.monotonic() > deadline:
                break
        message = f"{self._table} is too busy to take a whole batch"
        raise TransientError(message)

    def _left(self, wanted: Any) -> Any:  # noqa: ANN401  as the SDK has it
        """What was not done of it: all, where even the SDK's patience with a busy table has ended."""
        try:
            return self._client.batch_write_item(RequestItems=wanted).get("UnprocessedItems")
        except ClientError as exc:
            if not isinstance(translation(exc), TransientError):
                raise
            return wanted


def batches(requests: Iterable[Request]) -> Iterator[list[Request]]:
    """The requests in batches that one call takes."""
    batch: list[Request] = []
    weight = 0
    for request in requests:
        weight += request.weight
        if batch and (len(batch) == BATCH or weight > BATCH_WEIGHT):
            yield batch
            batch, weight = [], request.weight
        batch.append(request)
    if batch:
        yield batch
