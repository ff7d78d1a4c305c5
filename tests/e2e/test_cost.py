"""What one file asks of AWS, request by request, is what the reference says that it costs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from botocore.client import BaseClient

from csvgate import wiring
from csvgate.aws.client import client
from csvgate.local.emulator import Emulator
from csvgate.pipeline.heads import arrival_of
from csvgate.settings import Settings, load
from csvgate.stages.call import Call
from csvgate.stages.chores import spoken
from csvgate.wiring.place import where
from csvgate.worker.crew import STEPS, Crew, call_of
from tests.aws.hooks import hooked
from tests.aws.place import environment_on
from tests.aws.provision import unique
from tests.world import CLEAN

COST = Path(__file__).parents[2] / "docs" / "reference" / "cost.md"
ROW = re.compile(r"^\| (S3|SQS|DynamoDB|SNS) \| `(\w+)` \| (\d+) \|", re.MULTILINE)


@contextmanager
def counting(settings: Settings) -> Iterator[Counter[tuple[str, str]]]:
    """How often each operation of each service is called in the block."""
    calls = Counter[tuple[str, str]]()

    def count(model: Any, **_: object) -> None:  # noqa: ANN401
        calls[model.service_model.service_id, model.name] += 1

    at = where(settings)
    clients: tuple[BaseClient, ...] = (
        client("s3", **at),
        client("sqs", **at),
        client("dynamodb", **at),
        client("sns", **at),
    )
    with ExitStack() as stack:
        for each in clients:
            stack.enter_context(hooked(each, "before-call", count))
        yield calls


def arrive(settings: Settings, key: str) -> None:
    """A file is in the bucket, and its event in the queue, as S3 sends it."""
    client("s3", **where(settings)).put_object(Bucket=settings.bucket, Key=key, Body=CLEAN)
    [version] = wiring.objects(settings).versions(settings.bucket, key)
    wiring.enqueue(settings)(replace(arrival_of(version), sequencer="0055AED6DCD90281E5"))


def work(settings: Settings, call: Call) -> None:
    """Both stages take what waits."""
    for duty, inbox in wiring.inboxes(settings).items():
        [message] = inbox.receive(limit=1, wait=timedelta(seconds=5), hidden=timedelta(seconds=60))
        assert STEPS[duty](message, call)
        inbox.delete(message)


def test_one_file_asks_for_what_the_reference_says(emulator: Emulator) -> None:
    """Not the first of its day, which asks for more."""
    environment = environment_on(emulator.endpoint_url)
    topic = client("sns", **where(load(environment))).create_topic(Name=unique("topic"))["TopicArn"]
    settings = load({**environment, "CSVGATE_TOPIC_ARN": topic})
    call = call_of(settings, Crew())
    call = replace(call, tell=spoken(wiring.relay(settings), call).tell)
    arrive(settings, "first.csv")
    work(settings, call)
    arrive(settings, "second.csv")
    with counting(settings) as calls:
        work(settings, call)
    assert calls == {(service, name): int(count) for service, name, count in ROW.findall(COST.read_text())}
