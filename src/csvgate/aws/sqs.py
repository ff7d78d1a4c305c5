"""SQS as a Queue: text in, a message in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csvgate.aws.errors import translated

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class SqsQueue:
    """One queue, known by its URL."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, body: str) -> None:
        """The message is in the queue, at least once."""
        with translated():
            self._client.send_message(QueueUrl=self._url, MessageBody=body)
