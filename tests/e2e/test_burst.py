"""A burst of small files: all that was accepted has its receipt, once, whatever dies meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from csvgate import settings
from csvgate.aws.client import client
from csvgate.cli.recovery import recover
from csvgate.cli.session import Session, opened
from csvgate.delivery import Arrival
from csvgate.local import stack
from csvgate.local.facts import StackFacts
from csvgate.local.services import CREDENTIALS, REGION
from tests.waiting import until

pytestmark = pytest.mark.long
FILES = 1000
PATIENCE_SECONDS = 180


@contextmanager
def running(data_dir: Path) -> Iterator[tuple[StackFacts, Session]]:
    """A stack that is stopped in the end, and the session that the command line would have with it."""
    facts = stack.up(data_dir, port=0)
    try:
        yield facts, opened(settings.load({"CSVGATE_DATA_DIR": str(data_dir)}, data_dir))
    finally:
        stack.down(data_dir)


@contextmanager
def burst(session: Session, directory: Path) -> Iterator[list[Future[Arrival]]]:
    """So many uploads of a 2 KB file are on their way; those that nobody began are dropped in the end."""
    file = directory / "small.csv"
    file.write_text("id,name,amount\n" + "".join(f"{number},name {number},{number}.25\n" for number in range(90)))
    uploaders = ThreadPoolExecutor(8)
    keys = (f"in/{number:04}.csv" for number in range(FILES))
    try:
        yield [uploaders.submit(session.upload, file, session.bucket, key, lambda _: None) for key in keys]
    finally:
        uploaders.shutdown(cancel_futures=True)


def accepted(uploads: list[Future[Arrival]]) -> set[str]:
    """The deliveries whose upload was answered."""
    answered = (upload for upload in uploads if not upload.cancelled() and not upload.exception())
    return {upload.result().delivery_id for upload in answered}


def finished(session: Session) -> list[str]:
    """The deliveries in the catalog that are in their last state, each as often as it is there."""
    return [delivery.delivery_id for delivery in session.ports.view.newest() if delivery.is_final]


def dead_messages(facts: StackFacts) -> int:
    """What lies in the two dead-letter queues."""
    sqs = client("sqs", endpoint_url=facts.endpoint_url, region=REGION, credentials=CREDENTIALS)
    urls = (facts.arrivals_dead_url, facts.inspected_dead_url)
    counts = (sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] for url in urls)
    return sum(int(count["ApproximateNumberOfMessages"]) for count in counts)


def test_a_thousand_files_at_once_have_a_thousand_receipts(tmp_path: Path) -> None:
    """None twice, none lost, none dead."""
    with running(tmp_path) as (facts, session):
        with burst(session, tmp_path) as uploads:
            until(lambda: len(finished(session)) >= FILES)
        assert sorted(finished(session)) == sorted(accepted(uploads))
        assert dead_messages(facts) == 0


def test_what_was_accepted_before_a_kill_has_its_receipt_after_the_next_up(tmp_path: Path) -> None:
    """The emulator forgets everything but the objects; the objects are enough for what `up` does then."""
    with running(tmp_path) as (facts, session), burst(session, tmp_path) as uploads:
        until(lambda: len(finished(session)) >= FILES // 10)
        assert facts.emulator
        os.kill(facts.emulator.pid, signal.SIGKILL)
    with running(tmp_path) as (_, session):
        recover(session, tmp_path)
        until(lambda: len(finished(session)) >= len(accepted(uploads)))
        assert set(finished(session)) >= accepted(uploads)
