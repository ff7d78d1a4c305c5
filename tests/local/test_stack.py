"""The local stack: up, again, after a crash, down; and never anywhere but on this machine."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from csvgate.aws.client import client
from csvgate.errors import PermanentError, UsageError
from csvgate.local import emulator as embedded
from csvgate.local import facts as stack_file
from csvgate.local import postgres as embedded_postgres
from csvgate.local import processes, stack, verification
from csvgate.local.configuration import Configuration, gather
from csvgate.local.deployment import deploy
from csvgate.local.emulator import Emulator
from csvgate.local.facts import StackFacts
from csvgate.local.services import CREDENTIALS, Services, require_local
from csvgate.local.stack import Wish
from csvgate.settings import load

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """Where a stack may run; it is stopped after the test."""
    yield tmp_path / "stack"
    stack.down(tmp_path / "stack")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator for the tests that deploy, whose stack would be in the way of others."""
    with embedded.start(tmp_path_factory.mktemp("own"), port=0) as running:
        yield running


def kill(data_dir: Path) -> None:
    """The emulator ends as in a power cut."""
    emulator = embedded.find(data_dir)
    assert emulator
    os.killpg(emulator.pid, signal.SIGKILL)
    while emulator.is_alive:
        pass


def queue_at(facts: StackFacts) -> SQSClient:
    """Somebody who looks into the queues."""
    return client("sqs", endpoint_url=facts.endpoint_url, region=facts.region, credentials=CREDENTIALS)


def told(services: Services, facts: StackFacts) -> set[str]:
    """The events that the inbound bucket tells the arrivals queue of."""
    found = services.s3.get_bucket_notification_configuration(Bucket=facts.bucket)
    return {event for queue in found["QueueConfigurations"] for event in queue["Events"]}


def test_up_writes_where_everything_is(data_dir: Path) -> None:
    """Other commands, and people's scripts, find the stack by this file."""
    facts = stack.up(data_dir, port=0)
    written = json.loads((data_dir / "stack.json").read_text())
    assert written["endpoint_url"] == facts.endpoint_url
    assert written["bucket"] == "test-bucket"
    assert written["emulator"]["pid"] == embedded.find(data_dir).pid  # type: ignore[union-attr]  # it runs
    assert stack.status(data_dir) == stack.Status(facts=facts, is_running=True)


def test_a_second_up_answers_with_the_running_stack(data_dir: Path) -> None:
    """And says so."""
    said: list[str] = []
    first = stack.up(data_dir, port=0)
    assert stack.up(data_dir, progress=said.append) == first
    assert f"runs already at {first.endpoint_url}" in said[0]


def test_a_second_up_elsewhere_is_refused(data_dir: Path) -> None:
    """One directory has one stack."""
    facts = stack.up(data_dir, port=0)
    assert facts.emulator
    with pytest.raises(UsageError, match="csvgate down"):
        stack.up(data_dir, port=facts.emulator.port + 1)


def test_what_is_not_asked_for_stays_as_it_runs(data_dir: Path) -> None:
    """Also over down and up, and after a kill."""
    first = stack.up(data_dir, port=0, bucket="mine", trigger="function")
    assert stack.up(data_dir) == first
    stack.down(data_dir)
    again = stack.up(data_dir, port=0)
    assert (again.bucket, again.trigger) == ("mine", "function")
    kill(data_dir)
    again = stack.up(data_dir, port=0)
    assert (again.bucket, again.trigger) == ("mine", "function")


@pytest.mark.parametrize("wish", [{"bucket": "other"}, {"trigger": "function"}])
def test_a_running_stack_is_not_changed_in_silence(data_dir: Path, wish: Wish) -> None:
    """What is asked for and differs is refused, with what to do."""
    stack.up(data_dir, port=0)
    with pytest.raises(UsageError, match=r"bucket test-bucket and the trigger queue.*csvgate down"):
        stack.up(data_dir, **wish)


@pytest.mark.parametrize("name", ["Bad_Name", "csvgate-results", "csvgate-code"])
def test_a_bucket_that_cannot_be_is_refused_before_anything_starts(data_dir: Path, name: str) -> None:
    """By S3's rules, or because the stack has one of that name."""
    with pytest.raises(UsageError, match=f"'{name}' cannot be the bucket"):
        stack.up(data_dir, port=0, bucket=name)
    assert not data_dir.exists()


def test_down_leaves_nothing_running(data_dir: Path) -> None:
    """No process, and no file that says otherwise; a second one is no error."""
    facts = stack.up(data_dir, port=0)
    stopped = stack.down(data_dir)
    assert stopped
    assert not processes.members(stopped.pid)
    assert stack.status(data_dir) == stack.Status(facts=None, is_running=False, stopped=facts)
    assert stack.down(data_dir) is None


def test_down_finds_a_stack_that_nobody_wrote_down(data_dir: Path) -> None:
    """Whoever started it may have been killed before it could."""
    embedded.start(data_dir, port=0)
    assert stack.down(data_dir)
    assert embedded.find(data_dir) is None


def test_what_was_stored_survives_down_and_up_on_another_port(data_dir: Path) -> None:
    """Also the messages in queues, which MiniStack keeps by their whole address."""
    before = stack.up(data_dir, port=0)
    dead = Services.at(before.endpoint_url)
    dead.s3.put_object(Bucket=before.bucket, Key="kept.csv", Body=b"a\n1\n")
    dead.dynamodb.put_item(TableName=before.metadata_table, Item={"FileName": {"S": "kept.csv"}})
    queue_at(before).send_message(QueueUrl=before.arrivals_dead_url, MessageBody="kept")
    stack.down(data_dir)
    after = stack.up(data_dir, port=0)
    services = Services.at(after.endpoint_url)
    assert after.endpoint_url != before.endpoint_url
    assert after.endpoint_url in after.arrivals_queue_url
    assert services.s3.get_object(Bucket=after.bucket, Key="kept.csv")["Body"].read() == b"a\n1\n"
    assert services.dynamodb.scan(TableName=after.metadata_table)["Count"] == 1
    assert queue_at(after).receive_message(QueueUrl=after.arrivals_dead_url)["Messages"][0]["Body"] == "kept"


def test_up_after_a_crash_deploys_anew_and_keeps_the_objects(data_dir: Path) -> None:
    """A killed emulator comes back with its objects, without notifications, tables and queues."""
    facts = stack.up(data_dir, port=0)
    Services.at(facts.endpoint_url).s3.put_object(Bucket=facts.bucket, Key="kept.csv", Body=b"a\n1\n")
    kill(data_dir)
    assert not stack.status(data_dir).is_running
    facts = stack.up(data_dir, port=0)
    services = Services.at(facts.endpoint_url)
    assert services.s3.get_object(Bucket=facts.bucket, Key="kept.csv")["Body"].read() == b"a\n1\n"
    assert told(services, facts) == set(verification.EVENTS)


def test_a_crash_after_a_clean_stop_is_survived_too(data_dir: Path) -> None:
    """Then the state of the clean stop comes back, and the objects since."""
    stack.up(data_dir, port=0)
    stack.down(data_dir)
    facts = stack.up(data_dir, port=0)
    Services.at(facts.endpoint_url).s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a\n1\n")
    kill(data_dir)
    facts = stack.up(data_dir, port=0)
    assert Services.at(facts.endpoint_url).s3.head_object(Bucket=facts.bucket, Key="new.csv")["ContentLength"]


def test_a_database_comes_with_the_stack_goes_with_it_and_is_kept(data_dir: Path) -> None:
    """Once asked for, it is part of the stack; what is in it survives."""
    database_url = stack.up(data_dir, port=0, postgres=True).database_url or ""
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'kept' AS dedup")
    stack.down(data_dir)
    assert embedded_postgres.find(data_dir) is None
    database_url = stack.up(data_dir, port=0).database_url or ""
    assert load({"CSVGATE_DATA_DIR": data_dir.name}, data_dir.parent).database_url == database_url
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT dedup FROM kept").fetchall() == [("kept",)]


def feeds_file(folder: Path, sink: str) -> Configuration:
    """One feed, whose rows go there."""
    folder.mkdir(exist_ok=True)
    file = folder / "feeds.json"
    file.write_text(json.dumps({"feeds": [{"name": "all", "key": "**", "sink": sink}]}))
    return gather(file)


def test_feeds_stay_until_others_are_given(data_dir: Path) -> None:
    """Over down and up; and a stack that runs takes new ones."""
    first = stack.up(data_dir, port=0, feeds=feeds_file(data_dir, "none"))
    stack.down(data_dir)
    assert stack.up(data_dir, port=0).feeds == first.feeds
    changed = stack.up(data_dir, postgres=True, feeds=feeds_file(data_dir, "postgresql"))
    assert changed.feeds not in {first.feeds, None}
    assert load({"CSVGATE_DATA_DIR": data_dir.name}, data_dir.parent).feeds == changed.feeds


def test_a_feed_that_wants_a_database_is_refused_before_anything_starts(data_dir: Path) -> None:
    """Every file of it would fail."""
    with pytest.raises(UsageError, match="The feed all wants its rows in PostgreSQL"):
        stack.up(data_dir, port=0, feeds=feeds_file(data_dir, "postgresql"))
    assert embedded.find(data_dir) is None


def test_a_stack_without_its_database_does_not_run(data_dir: Path) -> None:
    """And comes back whole."""
    stack.up(data_dir, port=0, postgres=True)
    database = embedded_postgres.find(data_dir)
    assert database
    database.stop()
    assert not stack.status(data_dir).is_running
    stack.up(data_dir)
    assert stack.status(data_dir).is_running


def test_a_bucket_that_was_there_before_is_taken_over(own: Emulator) -> None:
    """People who come from the classic scripts have made `test-bucket` already."""
    s3 = Services.at(own.endpoint_url).s3
    s3.create_bucket(Bucket="made-by-hand")
    facts = deploy(own.endpoint_url, bucket="made-by-hand")
    assert s3.get_bucket_versioning(Bucket=facts.bucket)["Status"] == "Enabled"


def test_deploying_again_changes_the_trigger(own: Emulator) -> None:
    """The bucket tells the function instead of the queue, and the queue is still emptied."""
    services = Services.at(own.endpoint_url)
    deploy(own.endpoint_url)
    facts = deploy(own.endpoint_url, trigger="function")
    found = services.s3.get_bucket_notification_configuration(Bucket=facts.bucket)
    assert found["LambdaFunctionConfigurations"]
    assert "QueueConfigurations" not in found


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing at once is missing."""
    monkeypatch.setattr(verification, "PATIENCE_SECONDS", 0)


def test_a_lost_notification_is_noticed_and_put_back(own: Emulator, impatient: None) -> None:
    """CloudFormation sees no change, and files would be swallowed in silence."""
    services, facts = Services.at(own.endpoint_url), deploy(own.endpoint_url)
    services.s3.put_object(Bucket=facts.bucket, Key="kept.csv", Body=b"a\n1\n")
    services.s3.put_bucket_notification_configuration(Bucket=facts.bucket, NotificationConfiguration={})
    deploy(own.endpoint_url)
    assert told(services, facts) == set(verification.EVENTS)
    assert services.s3.head_object(Bucket=facts.bucket, Key="kept.csv")


def test_what_cannot_be_put_back_is_named(own: Emulator, impatient: None) -> None:
    """CloudFormation's word is not taken for it."""
    facts = deploy(own.endpoint_url)
    with pytest.raises(PermanentError, match="the table gone is not active"):
        verification.verify(Services.at(own.endpoint_url), replace(facts, metadata_table="gone"), "")


def test_an_emulator_that_was_there_before_is_used_and_left_alone(own: Emulator, data_dir: Path) -> None:
    """LocalStack, say: `up` deploys into it, `down` does not stop it."""
    facts = stack.up(data_dir, endpoint_url=own.endpoint_url)
    assert facts.emulator is None
    assert stack.status(data_dir).is_running
    assert stack.up(data_dir) == facts
    assert stack.down(data_dir) is None
    assert own.is_alive
    assert stack.status(data_dir) == stack.Status(facts=None, is_running=False)


def test_without_functions_the_queues_wait_for_workers(own: Emulator, data_dir: Path) -> None:
    """Those that were there are gone, and what arrives is told to the queue; until functions are wished for again."""
    deploy(own.endpoint_url)
    facts = stack.up(data_dir, endpoint_url=own.endpoint_url, functions=False)
    services = Services.at(own.endpoint_url)
    assert (facts.inspect_function, facts.record_function) == ("", "")
    assert services.functions.list_functions()["Functions"] == []
    assert told(services, facts) == set(verification.EVENTS)
    assert stack.up(data_dir).inspect_function == ""
    assert stack.up(data_dir, functions=True).inspect_function == "process_csv"


def test_without_functions_the_bucket_can_tell_none(data_dir: Path) -> None:
    with pytest.raises(UsageError, match="--trigger"):
        stack.up(data_dir, functions=False, trigger="function")


def test_an_emulator_that_does_not_answer_is_named(data_dir: Path) -> None:
    """Before anything is deployed, and in one sentence."""
    with pytest.raises(PermanentError, match=r"Nothing answers at http://127\.0\.0\.1:9\. Start the"):
        stack.up(data_dir, endpoint_url="http://127.0.0.1:9")


def test_the_stack_in_an_emulator_that_is_gone_is_not_replaced_in_silence(own: Emulator, data_dir: Path) -> None:
    """Its objects may still be there."""
    facts = stack.up(data_dir, endpoint_url=own.endpoint_url)
    stack_file.write(data_dir, replace(facts, endpoint_url="http://127.0.0.1:9"))
    with pytest.raises(PermanentError, match="Start that emulator again, or let csvgate down forget"):
        stack.up(data_dir)


@pytest.mark.parametrize(
    "endpoint_url",
    ["https://s3.amazonaws.com", "http://192.0.2.1:4566", "http://no.such.host.invalid", "file:///"],
)
def test_an_endpoint_that_is_not_local_is_refused(endpoint_url: str) -> None:
    """The local stack never touches a real AWS."""
    with pytest.raises(UsageError, match="not on this machine"):
        deploy(endpoint_url)


def test_an_endpoint_without_a_scheme_is_told_what_is_missing() -> None:
    """The usual slip."""
    with pytest.raises(UsageError, match=r"write http://127\.0\.0\.1:4566"):
        deploy("127.0.0.1:4566")


@pytest.mark.parametrize("endpoint_url", ["http://127.0.0.1:4566", "http://localhost:4566", "http://[::1]:4566"])
def test_a_loopback_endpoint_is_local(endpoint_url: str) -> None:
    """By whatever name."""
    require_local(endpoint_url)
