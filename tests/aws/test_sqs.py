"""What SQS can answer, beyond what every queue does."""

from __future__ import annotations

import pytest

from csvgate.aws.client import client
from csvgate.aws.sqs import SqsQueue
from csvgate.errors import PermanentError
from csvgate.local.emulator import Emulator
from tests.aws.provision import unique, where


def test_a_queue_that_is_not_there_is_a_permanent_error(emulator: Emulator) -> None:
    sqs = client("sqs", **where(emulator.endpoint_url))
    with pytest.raises(PermanentError, match="queue"):
        SqsQueue(sqs, f"{emulator.endpoint_url}/000000000000/{unique('queue')}").send("lost")
