"""Terraform and CloudFormation make the same: resource by resource, setting by setting, right by right.

Both are asked for the same; what CloudFormation makes is said in Terraform's words, and has to be what it plans.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from csvgate.local import templates
from tests.infra import terraform
from tests.infra.parity import canonical, translated
from tests.infra.parity_words import Planned
from tests.infra.references import arn, queue_url
from tests.infra.rendering import ACCOUNT, REGION, load, render

pytestmark = [pytest.mark.long, pytest.mark.terraform]

INBOUND, RESULTS = f"csvgate-arrivals-{ACCOUNT}-{REGION}", f"csvgate-results-{ACCOUNT}-{REGION}"
QUEUE, FUNCTION = arn("queue", "csvgate-arrivals"), arn("function", "process_csv")
ALARMS = arn("topic", "alarms")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0123"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:mine"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
FEEDS = "s3://my-results/config/feeds.yaml"

TEMPLATES = (*templates.NAMES, "dashboard")

# What differs, and why.
DIFFERENCES = {
    "aws_sqs_queue csvgate-arrivals-dead": {"max_message_size": "version 5 of the provider takes 262144 at most"},
}
# What only one of them asks for, and why.
PARAMETERS_OF_THEIR_OWN = {
    "ArrivalsQueueUrl": "Terraform asks the queue for its address",
    "CodeBucket": "Terraform sends the zip with the call, or by way of code_bucket",
    "CodeKey": "Terraform names the zip by its content",
    "InspectedQueueUrl": "Terraform asks the queue for its address",
}
VARIABLES_OF_THEIR_OWN = {
    "dashboard": "CloudFormation has it as a stack of its own",
    "code_bucket": "CloudFormation knows the zip by bucket and key only",
    "force_destroy": "CloudFormation keeps buckets, whatever it is asked",
    "package": "CloudFormation reads no file of this machine",
    "tags": "the stack's tags are passed on by CloudFormation itself",
}
# What Terraform says beside: what AWS answers, and what stands for the code.
ANSWERS = {"arn", "id", "url", "name_prefix", "filename", "source_code_hash"}
# What a mock makes up for an answer that nobody needs.
MADE_UP = re.compile(r"[a-z0-9]{8}")


Plans = dict[str, list[dict[str, Any]]]


class Scenario(NamedTuple):
    """The same wish, said to both; each template takes those parameters that it has."""

    parameters: dict[str, str]
    variables: dict[str, Any]


SCENARIOS = {
    "nothing": Scenario({"TargetQueueArn": QUEUE}, {}),
    "function": Scenario({"Trigger": "function", "TargetFunctionArn": FUNCTION}, {"trigger": "function"}),
    "eventbridge": Scenario({}, {"trigger": "eventbridge"}),
    "everything": Scenario(
        {
            "TargetQueueArn": QUEUE,
            "BucketName": "my-arrivals",
            "ResultsBucketName": "my-results",
            "KeyPrefix": "in/",
            "PageOrigin": "https://files.example.org",
            "DeletionProtection": "false",
            "Runtime": "python3.12",
            "Architecture": "x86_64",
            "MemorySize": "2048",
            "FunctionTimeout": "300",
            "InspectConcurrency": "32",
            "RecordConcurrency": "8",
            "DatabaseUrl": "postgresql://db.example.org/files",
            "Catalog": "dynamodb",
            "SubnetIds": "subnet-1,subnet-2",
            "SecurityGroupIds": "sg-1,sg-2",
            "FeedsUri": FEEDS,
            "TellTopic": "true",
            "EventBusName": "default",
            "ReconcileSchedule": "rate(1 day)",
            "LogRetentionDays": "90",
            "AlarmTopicArn": ALARMS,
            "KmsKeyArn": KEY,
            "AccessLogBucketName": "my-logs",
            "StateMachineArn": MACHINE,
            "DatabaseSecret": SECRET,
        },
        {
            "bucket_name": "my-arrivals",
            "results_bucket_name": "my-results",
            "key_prefix": "in/",
            "page_origin": "https://files.example.org",
            "deletion_protection": False,
            "runtime": "python3.12",
            "architecture": "x86_64",
            "memory_size": 2048,
            "function_timeout": 300,
            "inspect_concurrency": 32,
            "record_concurrency": 8,
            "database_url": "postgresql://db.example.org/files",
            "catalog": "dynamodb",
            "subnet_ids": ["subnet-1", "subnet-2"],
            "security_group_ids": ["sg-1", "sg-2"],
            "feeds_uri": FEEDS,
            "tell_topic": True,
            "event_bus_name": "default",
            "reconcile_schedule": "rate(1 day)",
            "log_retention_days": 90,
            "alarm_topic_arn": ALARMS,
            "kms_key_arn": KEY,
            "access_log_bucket_name": "my-logs",
            "state_machine_arn": MACHINE,
            "database_secret": SECRET,
        },
    ),
    "feeds": Scenario({"TargetQueueArn": QUEUE, "FeedsUri": FEEDS}, {"feeds_uri": FEEDS}),
    "machine": Scenario({"TargetQueueArn": QUEUE, "StateMachineArn": MACHINE}, {"state_machine_arn": MACHINE}),
    "topic": Scenario({"TargetQueueArn": QUEUE, "TellTopic": "true"}, {"tell_topic": True}),
}


def overrides(variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What AWS would answer to what is made."""
    stages = {"inspect": "process_csv", "record": "record_csv", "reconcile": "reconcile_csv"}
    buckets = {
        "inbound": variables.get("bucket_name", INBOUND),
        "results": variables.get("results_bucket_name", RESULTS),
    }
    schedules = {f'schedule["{name}"]': f"csvgate-{name}" for name in ("sweep", "reconcile")}
    rules = {"arrivals": "csvgate-arrivals", **schedules}
    both = ("arrivals", "inspected")
    working = {f'this["{name}"]': f"csvgate-{name}" for name in both}
    queues = {**working, **{f'dead["{name}"]': f"csvgate-{name}-dead" for name in both}}
    values = {
        **{f'aws_s3_bucket.this["{key}"]': {"id": name, "arn": arn("bucket", name)} for key, name in buckets.items()},
        **{f"aws_sqs_queue.{key}": {"arn": arn("queue", name), "url": queue_url(name)} for key, name in queues.items()},
        **{
            f'aws_iam_role.this["{stage}"]': {"id": stage, "name": stage, "arn": arn("role", stage)} for stage in stages
        },
        **{f'aws_lambda_function.this["{stage}"]': {"arn": arn("function", name)} for stage, name in stages.items()},
        **{f"aws_cloudwatch_event_rule.{key}": {"arn": arn("event-rule", name)} for key, name in rules.items()},
        "aws_iam_role.state_machine": {
            "id": "statemachine",
            "name": "statemachine",
            "arn": arn("role", "statemachine"),
        },
        "aws_sns_topic.deliveries": {"arn": arn("topic", "csvgate-deliveries")},
    }
    return [{"target": target, "override_during": "plan", "values": known} for target, known in values.items()]


def suite() -> dict[str, Any]:
    """A test of Terraform's that plans every scenario."""
    mocked = {
        "aws_caller_identity": {"defaults": {"account_id": ACCOUNT}},
        "aws_partition": {"defaults": {"partition": "aws", "dns_suffix": "amazonaws.com"}},
        "aws_region": {"defaults": {"id": REGION}},
    }
    return {
        "mock_provider": {"aws": {"mock_data": mocked}},
        "variables": {"package": "versions.tf"},
        "run": {
            name: {
                "command": "plan",
                "variables": scenario.variables,
                "override_resource": overrides(scenario.variables),
            }
            for name, scenario in SCENARIOS.items()
        },
    }


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Plans:
    """What Terraform plans, by scenario."""
    own = terraform.installed(tmp_path_factory.mktemp("parity"))
    (own.folder / "tests").mkdir(exist_ok=True)
    (own.folder / "tests" / "parity.tftest.json").write_text(json.dumps(suite()))
    said = list(own.lines("test", "-verbose", "-filter=tests/parity.tftest.json"))
    return {
        line["@testrun"]: [change for change in line["test_plan"]["resource_changes"] if change["mode"] == "managed"]
        for line in said
        if line["type"] == "test_plan"
    }


def wanted(parameters: Mapping[str, str]) -> list[Planned]:
    """What all templates together make, as Terraform would say it."""
    resources: dict[str, Any] = {}
    for name in TEMPLATES:
        asked = load(name)["Parameters"]
        resources |= render(name, **{key: value for key, value in parameters.items() if key in asked})
    return translated(resources)


def differences(asked: Mapping[str, Any], planned: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The settings of one resource on which the two do not agree."""
    beside = {key for key in planned if key in ANSWERS or MADE_UP.fullmatch(str(planned[key]))}
    compared = asked.keys() | planned.keys() - beside
    settings = {key: (asked.get(key), planned.get(key)) for key in compared}
    return {key: (there, here) for key, (there, here) in settings.items() if there != here}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_both_make_the_same(scenario: str, plans: Plans) -> None:
    """Nothing is missing, nothing is there beside, and every setting is equal."""
    asked = wanted(SCENARIOS[scenario].parameters)
    identities = {kind: next(iter(made)) for kind, made in asked}
    there = {f"{kind} {made[identities[kind]]}": canonical(made) for kind, made in asked}
    here = {f"{change['type']} {found(change, identities)}": change["change"]["after"] for change in plans[scenario]}
    assert there.keys() == here.keys()
    differ = {name: wrong for name in there if (wrong := differences(there[name], canonical(here[name])))}
    assert {name: set(wrong) for name, wrong in differ.items()} == {
        name: set(DIFFERENCES[name]) for name in DIFFERENCES
    }, differ


def found(change: Mapping[str, Any], identities: Mapping[str, str]) -> str:
    """By what the resource is known."""
    return str(change["change"]["after"].get(identities.get(change["type"]), change["address"]))


def test_all_that_can_be_asked_for_is_compared() -> None:
    """Each parameter and each variable is part of a scenario, or of a list with its reason."""
    parameters = {name for template in TEMPLATES for name in load(template)["Parameters"]}
    asked = {name for scenario in SCENARIOS.values() for name in scenario.parameters}
    assert asked | PARAMETERS_OF_THEIR_OWN.keys() == parameters
    said = {name for scenario in SCENARIOS.values() for name in scenario.variables}
    assert said | VARIABLES_OF_THEIR_OWN.keys() == {variable.name for variable in terraform.variables()}
