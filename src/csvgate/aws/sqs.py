"""SQS as a Queue and as an Inbox: text in, a message in the queue; or a message out, hidden until it is done with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from csvgate.aws.errors import code_of, translated
from csvgate.ports.queues import Message
from csvgate.telemetry.tracing import NOTHING, TRACEPARENT, XRAY, Carrier

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

MOST_AT_ONCE = 10  # ReceiveMessage gives no more
# Somebody else has received the message since, or it is deleted: either way it is not ours to hide or delete any more.
NOT_OURS = frozenset({"ReceiptHandleIsInvalid", "MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight"})


class SqsQueue:
    """One queue, known by its URL."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, body: str, attributes: Carrier = NOTHING) -> None:
        """The message is in the queue, at least once, and the attributes with it."""
        told: Any = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        xray = told.pop(XRAY, None)
        along: Any = {"MessageSystemAttributes": {XRAY: xray}} if xray else {}
        with translated():
            self._client.send_message(QueueUrl=self._url, MessageBody=body, MessageAttributes=told, **along)

    def receive(self, *, limit: int, wait: timedelta, hidden: timedelta) -> tuple[Message, ...]:
        """Up to ten of the messages, hidden for so long; none, if none came while we waited."""
        with translated():
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(limit, MOST_AT_ONCE),
                WaitTimeSeconds=int(wait.total_seconds()),
                VisibilityTimeout=int(hidden.total_seconds()),
                MessageSystemAttributeNames=["ApproximateReceiveCount", XRAY],
                MessageAttributeNames=[TRACEPARENT],
            )
        return tuple(map(_message, answer.get("Messages", ())))

    def hide(self, message: Message, duration: timedelta) -> None:
        """The message stays hidden for so long from now; with zero it is given back at once."""
        with translated(), _if_ours():
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=message.handle, VisibilityTimeout=int(duration.total_seconds())
            )

    def delete(self, message: Message) -> None:
        """The message is done with; it may come again all the same."""
        with translated(), _if_ours():
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.handle)


@contextmanager
def _if_ours() -> Iterator[None]:
    """It is no failure of the work that its message has gone to somebody else: what was done is done once."""
    try:
        yield
    except ClientError as exc:
        if code_of(exc) not in NOT_OURS:
            raise


def _message(received: Mapping[str, Any]) -> Message:
    system = received.get("Attributes", {})
    told = {name: each["StringValue"] for name, each in received.get("MessageAttributes", {}).items()}
    return Message(
        message_id=received["MessageId"],
        body=received["Body"],
        receive_count=int(system.get("ApproximateReceiveCount", "1")),
        handle=received["ReceiptHandle"],
        attributes=told | ({XRAY: system[XRAY]} if XRAY in system else {}),
    )
