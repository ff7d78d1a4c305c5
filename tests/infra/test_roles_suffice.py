"""The pipeline runs with the rights that its roles have, in an emulator that for once enforces them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from csvgate import wiring
from csvgate.aws.client import Where, client
from csvgate.aws.s3 import S3ObjectStore
from csvgate.local import deployment, templates
from csvgate.local import emulator as embedded
from csvgate.local.configuration import gather, keep
from csvgate.local.deployment import RESULTS_BUCKET, deploy
from csvgate.local.facts import StackFacts
from csvgate.local.postgres import Postgres
from csvgate.local.services import CREDENTIALS, REGION, Services
from tests.aws import rows_reader
from tests.parquet import reading
from tests.postgres.provision import make_database
from tests.waiting import until_equal

# The emulator speaks plain HTTP, which the policies deny to everybody.
TLS_ONLY, NEVER = '"aws:SecureTransport": "false"', '"aws:SecureTransport": "never"'
FEED = {
    "name": "numbers",
    "key": "*.csv",
    "contract": {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]},
    "sink": "postgresql",
}


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an emulator that checks who may do what."""
    plain = embedded._environment
    monkeypatch.setattr(embedded, "_environment", lambda *given: {**plain(*given), "AUTH": "true"})
    edit_templates(monkeypatch, TLS_ONLY, NEVER)
    with embedded.start(tmp_path, port=0) as emulator:
        yield emulator.endpoint_url


def edit_templates(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """All templates are read with something else in them."""
    read = templates.read
    monkeypatch.setattr(templates, "read", lambda name: read(name).replace(old, new))


def states(facts: StackFacts) -> dict[str, str]:
    """The state of every key, as a scan of the classic table shows it."""
    items = Services.at(facts.endpoint_url).dynamodb.scan(TableName=facts.metadata_table)["Items"]
    return {item["FileName"]["S"]: item["state"]["S"] for item in items}


def test_the_roles_suffice_for_what_comes_and_goes(guarded: str) -> None:
    """Created, overwritten, deleted, and named by hand without version or sequencer."""
    facts = deploy(guarded)
    services = Services.at(guarded)
    for key in ("new.csv", "twice.csv", "twice.csv", "gone.csv"):
        services.s3.put_object(Bucket=facts.bucket, Key=key, Body=b"a,b\n1,2\n")
    services.s3.delete_object(Bucket=facts.bucket, Key="gone.csv")
    until_equal(lambda: states(facts), {"new.csv": "recorded", "twice.csv": "recorded", "gone.csv": "deleted"})
    event = {"Records": [{"s3": {"bucket": {"name": facts.bucket}, "object": {"key": "new.csv"}}}]}
    answer = services.functions.invoke(FunctionName=facts.inspect_function, Payload=json.dumps(event))
    (receipt,) = json.load(answer["Payload"])["receipts"]
    assert (receipt["state"], receipt["column_names"]) == ("recorded", ["a", "b"])


def test_the_roles_suffice_where_the_bucket_calls_the_function(guarded: str) -> None:
    """By the permission that the template gives it."""
    facts = deploy(guarded, trigger="function")
    Services.at(guarded).s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\n")
    until_equal(lambda: states(facts), {"new.csv": "recorded"})


def test_the_roles_suffice_for_feeds_and_rows(guarded: str, postgres: Postgres, tmp_path: Path) -> None:
    """The feeds are read, a row is put aside, another one is loaded."""
    database_url = make_database(postgres)
    wiring.migrate(database_url)
    (tmp_path / "feeds.json").write_text(json.dumps({"feeds": [FEED]}))
    feeds, services = gather(tmp_path / "feeds.json"), Services.at(guarded)
    keep(services.s3, RESULTS_BUCKET, feeds)
    facts = deploy(guarded, database_url=database_url, feeds_uri=feeds.uri(RESULTS_BUCKET))
    services.s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\nx,3\n")
    with psycopg.connect(database_url, autocommit=True) as connection:
        look = connection.execute
        until_equal(lambda: look("SELECT key, state FROM csvgate.catalog").fetchall(), [("new.csv", "loaded")])
        assert connection.execute("SELECT a, b FROM csvgate_data.numbers").fetchall() == [(1, "2")]
    assert services.s3.list_objects_v2(Bucket=RESULTS_BUCKET, Prefix="quarantine/")["KeyCount"] == 1


def test_the_roles_suffice_for_rows_in_files(guarded: str, tmp_path: Path) -> None:
    """Newer rows take the place of the older, and the files of those before them go."""
    feed = FEED | {"sink": "parquet", "disposition": "replace"}
    (tmp_path / "feeds.json").write_text(json.dumps({"feeds": [feed]}))
    feeds, services = gather(tmp_path / "feeds.json"), Services.at(guarded)
    keep(services.s3, RESULTS_BUCKET, feeds)
    facts = deploy(guarded, feeds_uri=feeds.uri(RESULTS_BUCKET))
    store = S3ObjectStore(services.s3)
    for number in range(3):
        services.s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n%d,2\nx,3\n" % number)
        until_equal(lambda: reading.rows(store, RESULTS_BUCKET, "numbers", "a, b"), [(number, "2")])
    until_equal(lambda: states(facts), {"new.csv": "loaded"})
    until_equal(lambda: len(list(store.documents(RESULTS_BUCKET, "data/"))), 2)


def test_the_roles_suffice_for_rows_in_dynamodb(guarded: str, tmp_path: Path) -> None:
    """Also for one that is too large for an item, and for clearing what was replaced twice."""
    feed = {**FEED, "sink": "dynamodb", "disposition": "replace"}
    (tmp_path / "feeds.json").write_text(json.dumps({"feeds": [feed]}))
    feeds, services = gather(tmp_path / "feeds.json"), Services.at(guarded)
    keep(services.s3, RESULTS_BUCKET, feeds)
    facts = deploy(guarded, feeds_uri=feeds.uri(RESULTS_BUCKET))
    for number in (1, 2, 3):
        body = f"a,b\n{number},{'x' * 500_000}\n{number},small\n".encode()
        services.s3.put_object(Bucket=facts.bucket, Key=f"{number}.csv", Body=body)
        until_equal(lambda: states(facts).get(f"{number}.csv"), "loaded")  # noqa: B023  called at once
    (listing,) = rows_reader.listings(services.dynamodb, "csvgate-rows", "numbers")
    rows = rows_reader.rows(services.dynamodb, "csvgate-rows", listing)
    assert [row["cells"]["M"]["a"]["N"] for row in rows if "cells" in row] == ["3"]
    assert len(rows) == 2
    assert services.s3.list_objects_v2(Bucket=RESULTS_BUCKET, Prefix="rows/")["KeyCount"] == 2


def unlisted(services: Services, sink: str) -> None:
    """Readers do not see the rows any more: what leads them there is gone."""
    if sink == "dynamodb":
        services.dynamodb.delete_item(TableName="csvgate-rows", Key={"pk": {"S": "numbers"}, "sk": {"S": "head"}})
        return
    services.s3.delete_object(Bucket=RESULTS_BUCKET, Key="live/feed=numbers/all")


def agrees(services: Services) -> bool:
    """The answer of the scheduled comparison."""
    answer = services.functions.invoke(FunctionName="reconcile_csv", Payload=json.dumps({"reconcile": True}))
    return bool(json.load(answer["Payload"])["reconciled"]["agrees"])


@pytest.mark.parametrize("sink", ["parquet", "dynamodb"])
def test_the_roles_suffice_to_compare_rows_and_to_have_readers_see_them_again(
    guarded: str, tmp_path: Path, sink: str
) -> None:
    """What was to be put right is so at the next comparison."""
    (tmp_path / "feeds.json").write_text(json.dumps({"feeds": [FEED | {"sink": sink, "disposition": "replace"}]}))
    feeds, services = gather(tmp_path / "feeds.json"), Services.at(guarded)
    keep(services.s3, RESULTS_BUCKET, feeds)
    facts = deploy(guarded, feeds_uri=feeds.uri(RESULTS_BUCKET))
    services.s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\n")
    until_equal(lambda: states(facts), {"new.csv": "loaded"})
    assert agrees(services)
    unlisted(services, sink)
    assert (agrees(services), agrees(services)) == (False, True)


def test_what_is_beside_the_prefix_is_left_alone_also_by_who_compares(
    guarded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket may hold other people's things: nobody may read them, so nobody is to be told of them."""
    for name, value in {"KeyPrefix": "in/", "ReconcileSchedule": "rate(1 day)"}.items():
        monkeypatch.setitem(deployment.CONCURRENCY, name, value)
    facts, services = deploy(guarded), Services.at(guarded)
    rule = client("events", endpoint_url=guarded, region=REGION, credentials=CREDENTIALS)
    (target,) = rule.list_targets_by_rule(Rule="csvgate-reconcile")["Targets"]
    services.s3.put_object(Bucket=facts.bucket, Key="theirs.csv", Body=b"a,b\n1,2\n")
    services.s3.put_object(Bucket=facts.bucket, Key="in/ours.csv", Body=b"a,b\n1,2\n")
    answer = services.functions.invoke(FunctionName="reconcile_csv", Payload=target["Input"])
    assert json.load(answer["Payload"])["reconciled"]["versions"] == 1


def test_the_roles_suffice_for_word_and_for_what_is_done_by_itself(
    guarded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A subscriber is told, nothing is left in the outbox, and the comparison finds that all is as it should be."""
    for name, value in {"TellTopic": "true", "EventBusName": "default", "ReconcileSchedule": "rate(1 day)"}.items():
        monkeypatch.setitem(deployment.CONCURRENCY, name, value)
    facts, services = deploy(guarded), Services.at(guarded)
    at = Where(endpoint_url=guarded, region=REGION, credentials=CREDENTIALS)
    sqs, sns = client("sqs", **at), client("sns", **at)
    topic = sns.list_topics()["Topics"][0]["TopicArn"]
    arn = topic.replace(":sns:", ":sqs:").replace("csvgate-deliveries", "told")
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = json.dumps({"Statement": [{**allow, "Resource": arn}]})
    queue = sqs.create_queue(QueueName="told", Attributes={"Policy": policy})["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    services.s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\n")
    until_equal(lambda: states(facts), {"new.csv": "recorded"})
    told = json.loads(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"][0]["Body"])
    assert json.loads(told["Message"])["data"]["row_count"] == 1
    answer = services.functions.invoke(FunctionName="reconcile_csv", Payload=json.dumps({"reconcile": True}))
    done = json.load(answer["Payload"])
    assert (done["notices"], done["reconciled"]["agrees"]) == ({}, True)


def test_a_missing_right_would_be_seen(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator does enforce the roles: else the tests above would prove nothing."""
    edit_templates(monkeypatch, "Action: [s3:GetObject, s3:PutObject]", "Action: s3:GetObject")
    facts = deploy(guarded)
    Services.at(guarded).s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\n")
    logs = client("logs", endpoint_url=guarded, region=REGION, credentials=CREDENTIALS)

    def refused() -> bool:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{facts.inspect_function}")["events"]
        return any("AccessDenied" in event["message"] for event in events)

    until_equal(refused, wanted=True)
