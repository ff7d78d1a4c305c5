"""Who may do what: the parts of the templates that no emulator enforces (security checks 17 to 20)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csvgate.local import templates
from tests.infra.rendering import ACCOUNT, REGION, of_type, render

Statement = dict[str, Any]
INBOUND = f"arn:aws:s3:::csvgate-arrivals-{ACCOUNT}-{REGION}"
RESULTS = f"arn:aws:s3:::csvgate-results-{ACCOUNT}-{REGION}"
DELIVERIES = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/csvgate-deliveries"
ROWS = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/csvgate-rows"
METADATA = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/MetadataTable"

FEEDS = {"FeedsUri": "s3://results/config/feeds.yaml"}
LOADED = {
    ("s3:GetObject", f"{INBOUND}/*"),
    ("s3:GetObjectVersion", f"{INBOUND}/*"),
    ("s3:ListBucket", INBOUND),
    ("s3:PutObject", f"{RESULTS}/inspections/*"),
    ("s3:PutObject", f"{RESULTS}/quarantine/*"),
}


def listed(value: str | list[str]) -> list[str]:
    """A policy may say one thing where it could say several."""
    return value if isinstance(value, list) else [value]


def policies(name: str, **parameters: str) -> Iterator[Statement]:
    """All statements of all policies in a template."""
    resources = render(name, **parameters)
    for kind in ("SQS::QueuePolicy", "S3::BucketPolicy"):
        for policy in of_type(resources, kind).values():
            yield from policy["PolicyDocument"]["Statement"]
    for role in of_type(resources, "IAM::Role").values():
        for policy in role.get("Policies", []):
            yield from policy["PolicyDocument"]["Statement"]


def allowed(role: str, **parameters: str) -> set[tuple[str, str]]:
    """What a role may do, as pairs of action and resource."""
    policy = of_type(render("pipeline", **parameters), "IAM::Role")[role]["Policies"][0]["PolicyDocument"]
    return {
        (action, resource)
        for statement in policy["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def queue(name: str) -> str:
    """The ARN of a queue."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


@pytest.mark.parametrize("name", templates.ALL)
@pytest.mark.parametrize("trigger", ["queue", "function"])
def test_nothing_is_allowed_with_a_star(name: str, trigger: str) -> None:
    """Exact actions on exact resources; a star only for the objects of a bucket."""
    for statement in policies(name, **({"Trigger": trigger} if name == "pipeline" else {})):
        if statement["Effect"] == "Allow":
            assert not [action for action in listed(statement["Action"]) if "*" in action]
            for resource in listed(statement["Resource"]):
                assert "*" not in resource.removesuffix("/*"), resource


@pytest.mark.parametrize("name", templates.ALL)
def test_a_service_may_act_only_for_this_account_and_source(name: str) -> None:
    """Else anybody's bucket could make S3 call us (the confused deputy)."""
    for statement in policies(name):
        if statement["Effect"] == "Allow" and "Principal" in statement:
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
            assert statement["Condition"]["ArnEquals"]["aws:SourceArn"]


def test_only_our_bucket_and_our_rule_may_put_events_on_the_arrivals_queue() -> None:
    """By their own names."""
    policy = render("sqs")["ArrivalsQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    sources = {
        statement["Principal"]["Service"]: statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        for statement in policy
        if statement["Effect"] == "Allow"
    }
    assert sources == {"s3.amazonaws.com": INBOUND, "events.amazonaws.com": "att:ArrivalsRule.Arn"}


@pytest.mark.parametrize(("name", "kind"), [("sqs", "SQS::Queue"), ("s3", "S3::Bucket")])
def test_every_queue_and_bucket_refuses_plain_http(name: str, kind: str) -> None:
    """Each has a policy of its own that denies everything over an unencrypted connection."""
    resources = render(name)
    denied = {
        resource
        for statement in policies(name)
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for resource in listed(statement["Resource"])
    }
    assert {f"att:{logical}.Arn" for logical in of_type(resources, kind)} <= denied


def test_inspect_may_read_what_arrives_and_never_write_it() -> None:
    """The bytes never change, and results in the inbound bucket would be a loop."""
    rights = allowed("InspectRole")
    assert {action for action, resource in rights if resource.startswith(INBOUND)} == {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
    }
    assert {resource for action, resource in rights if action == "s3:PutObject"} == {f"{RESULTS}/inspections/*"}


def test_inspect_may_claim_and_not_record() -> None:
    """It touches the table of deliveries only, and puts no item."""
    rights = {pair for pair in allowed("InspectRole") if pair[0].startswith("dynamodb:")}
    assert rights == {
        ("dynamodb:GetItem", DELIVERIES),
        ("dynamodb:UpdateItem", DELIVERIES),
        ("dynamodb:Query", f"{DELIVERIES}/index/by-key"),
    }


def test_record_may_not_read_what_arrived_where_no_rows_are_loaded() -> None:
    """It asks which version is the latest, and never for content."""
    rights = allowed("RecordRole")
    assert {action for action, resource in rights if resource.startswith(INBOUND)} == {"s3:ListBucketVersions"}
    assert {resource for action, resource in rights if action == "dynamodb:PutItem"} == {DELIVERIES, METADATA}


def test_record_may_read_what_it_loads_and_never_write_it() -> None:
    """Only where there is a database; what it judges anew lies in the results bucket."""
    rights = allowed("RecordRole", DatabaseUrl="postgresql://db") - allowed("RecordRole")
    assert rights == LOADED
    secret = ("secretsmanager:GetSecretValue", "arn:db")
    assert allowed("RecordRole", DatabaseSecret="arn:db") - allowed("RecordRole") == {*LOADED, secret}


def test_both_may_read_the_feeds_and_put_rows_aside() -> None:
    """Only where there are feeds, and these may say that rows go to DynamoDB, or to files."""
    config, quarantine = ("s3:GetObject", f"{RESULTS}/config/*"), ("s3:PutObject", f"{RESULTS}/quarantine/*")
    assert allowed("InspectRole", **FEEDS) - allowed("InspectRole") == {config, quarantine}
    beside = {(action, f"{RESULTS}/rows/*") for action in ("s3:PutObject", "s3:DeleteObject")}
    does = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
    files = {(action, f"{RESULTS}/{prefix}/*") for prefix in ("data", "live", "parquet") for action in does}
    rights = {pair for pair in allowed("RecordRole", **FEEDS) - allowed("RecordRole") if pair[1] != ROWS}
    assert rights == {config, *beside, *files, *LOADED}


def test_record_alone_touches_the_table_of_rows_and_only_where_there_are_feeds() -> None:
    """It may do there what a load takes, and no more."""
    assert {action.removeprefix("dynamodb:") for action, where in allowed("RecordRole", **FEEDS) if where == ROWS} == {
        "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem",
    }  # fmt: skip
    assert not [pair for pair in allowed("RecordRole") | allowed("InspectRole", **FEEDS) if pair[1] == ROWS]


@pytest.mark.parametrize(
    ("role", "taken", "sent"),
    [
        ("InspectRole", "csvgate-arrivals", {"csvgate-inspected"}),
        ("RecordRole", "csvgate-inspected", {"csvgate-inspected-dead"}),
    ],
)
def test_each_function_takes_from_its_queue_and_sends_to_the_next(role: str, taken: str, sent: set[str]) -> None:
    """And to no other; the last one lays down what would fail again."""
    rights = allowed(role)
    assert {resource for action, resource in rights if action == "sqs:ReceiveMessage"} == {queue(taken)}
    assert {resource for action, resource in rights if action == "sqs:SendMessage"} == set(map(queue, sent))


def test_only_a_bucket_that_calls_the_function_may_call_it() -> None:
    """With the trigger `queue` nobody may; what fails goes to the dead-letter queue, which the role may write."""
    assert not of_type(render("pipeline"), "Lambda::Permission")
    resources = render("pipeline", Trigger="function")
    (permission,) = of_type(resources, "Lambda::Permission").values()
    assert (permission["SourceArn"], permission["SourceAccount"]) == (INBOUND, ACCOUNT)
    (config,) = of_type(resources, "Lambda::EventInvokeConfig").values()
    assert config["DestinationConfig"]["OnFailure"]["Destination"] == queue("csvgate-arrivals-dead")
    assert ("sqs:SendMessage", queue("csvgate-arrivals-dead")) in allowed("InspectRole", Trigger="function")


def test_word_may_be_passed_on_only_where_it_was_asked_for_and_only_there() -> None:
    """To the topic, to the bus, and out of the outbox."""
    telling = {"TellTopic": "true", "EventBusName": "default"}
    assert allowed("RecordRole", **telling) - allowed("RecordRole") == {
        ("sns:Publish", "ref:DeliveriesTopic"),
        ("events:PutEvents", f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"),
        ("dynamodb:Query", DELIVERIES),
        ("dynamodb:DeleteItem", DELIVERIES),
    }


@pytest.mark.parametrize(
    ("parameters", "rules"),
    [
        ({}, set()),
        ({"TellTopic": "true"}, {"SweepRule"}),
        ({"DatabaseUrl": "postgresql://db"}, {"SweepRule"}),
        (FEEDS, {"SweepRule"}),
        ({"ReconcileSchedule": "rate(1 day)"}, {"ReconcileRule"}),
        ({"EventBusName": "default", "ReconcileSchedule": "rate(1 day)"}, {"SweepRule", "ReconcileRule"}),
    ],
)
def test_what_is_done_by_itself_is_called_by_its_schedule_alone(parameters: dict[str, str], rules: set[str]) -> None:
    """And without a schedule there is no such function."""
    resources = render("pipeline", **parameters)
    callers = {
        permission["SourceArn"]: permission["FunctionName"]
        for permission in of_type(resources, "Lambda::Permission").values()
    }
    assert callers == {f"att:{rule}.Arn": "ref:ReconcileFunction" for rule in rules}
    assert ("ReconcileFunction" in resources) is bool(rules)


def test_who_reconciles_changes_no_object() -> None:
    """It lists and looks; what is missing it puts on the queue of arrivals."""
    rights = allowed("ReconcileRole", ReconcileSchedule="rate(1 day)")
    assert {action for action, _ in rights if action.startswith("s3:")} == {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketVersions",
    }
    assert {resource for action, resource in rights if action == "sqs:SendMessage"} == {queue("csvgate-arrivals")}


def test_who_reconciles_may_read_the_feeds() -> None:
    """By them it knows what should be in which sink, and who is told; what readers should see, it has them see."""
    given = {"ReconcileSchedule": "rate(1 day)"}
    rights = allowed("ReconcileRole", **given, FeedsUri="s3://results/config/feeds.yaml")
    read = {("s3:GetObject", f"{RESULTS}/config/*"), ("s3:ListBucket", RESULTS)}
    files = {
        (f"s3:{action}Object", f"{RESULTS}/{prefix}/*")
        for action in ("Delete", "Get", "Put")
        for prefix in ("data", "live", "parquet")
    }
    items = {(f"dynamodb:{action}", ROWS) for action in ("DeleteItem", "GetItem", "PutItem", "Query")}
    assert rights - allowed("ReconcileRole", **given) == {*read, *files, *items}


def test_a_prefix_limits_what_may_be_read() -> None:
    """A bucket may hold other people's things too."""
    rights = allowed("InspectRole", KeyPrefix="in/")
    assert {resource for action, resource in rights if action == "s3:GetObject"} >= {f"{INBOUND}/in/*"}


def test_nothing_that_runs_by_itself_removes_a_version() -> None:
    """Whoever breaks into it cannot destroy a file for good: an operator erases, with a role of his own."""
    infra = Path(__file__).parent.parent.parent / "infra"
    files = [file for kind in ("yaml", "json", "tf") for file in infra.rglob(f"*.{kind}")]
    assert len(files) > 10
    removing = [file for file in files if re.search(r"s3:Delete\w*Version", file.read_text(encoding="utf-8"))]
    assert removing == [infra / "iam" / "operator.json"]
