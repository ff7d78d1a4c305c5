"""SNS as a Notifier: a notice in, a message on the topic out, with attributes that subscriptions filter by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from csvgate.aws.errors import translated
from csvgate.telling.notices import Notice, attributes, event, sentence

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient

# Mail subscribers see the subject; SNS takes printable ASCII, and no more than this.
SUBJECT_LENGTH = 100


class SnsTopic:
    """One topic, known by its ARN."""

    def __init__(self, client: SNSClient, arn: str) -> None:
        self._client = client
        self._arn = arn

    def notify(self, notice: Notice) -> None:
        """The topic has taken the message."""
        with translated():
            self._client.publish(
                TopicArn=self._arn,
                Subject=_subject(notice),
                Message=json.dumps(event(notice)),
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes(notice).items()
                },
            )


def _subject(notice: Notice) -> str:
    return f"csvgate: {sentence(notice.delivery)}".encode("ascii", "replace").decode()[:SUBJECT_LENGTH].rstrip()
