"""What is asked of both, and what AWS would answer to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.infra.references import SECRET, SUBNET_GROUP, arn, queue_url
from tests.infra.rendering import ACCOUNT, REGION, load

INBOUND, RESULTS = f"csvgate-arrivals-{ACCOUNT}-{REGION}", f"csvgate-results-{ACCOUNT}-{REGION}"
QUEUE, FUNCTION = arn("queue", "csvgate-arrivals"), arn("function", "process_csv")
ALARMS = arn("topic", "alarms")
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0123"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:mine"
COLLECTOR = "http://collector.example.org:4318"
LAYERS = [f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:{name}:1" for name in ("collector", "opentelemetry")]
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/csvgate-function@sha256:{'0' * 64}"
FEEDS = "s3://my-results/config/feeds.yaml"
QUEUED = {"TargetQueueArn": QUEUE}


class Scenario(NamedTuple):
    """The same wish, said to both; each template takes those parameters that it has."""

    parameters: dict[str, str]
    variables: dict[str, Any]
    database: dict[str, str] | None = None


def address(of: str, host: str) -> str:
    """What rds.yaml answers, and the functions are told: where the database is, or its proxy."""
    with_proxy, without = load("rds")["Outputs"]["DatabaseUrl"]["Value"]["If"][1:]
    text: str = (with_proxy if of == "DatabaseProxy" else without)["Sub"]
    return re.sub(rf"\$\{{{of}\.[\w.]+\}}", host, text)


EVERYTHING = Scenario(
    {
        **QUEUED,
        "AccessLogBucketName": "my-logs",
        "AlarmTopicArn": ALARMS,
        "Architecture": "x86_64",
        "BucketName": "my-arrivals",
        "Catalog": "dynamodb",
        "CollectorEndpoint": COLLECTOR,
        "DatabaseSecret": SECRET,
        "DatabaseUrl": "postgresql://db.example.org/files",
        "DeletionProtection": "false",
        "ErrorRatePercent": "5",
        "EventBusName": "mine",
        "FeedsUri": FEEDS,
        "FunctionTimeout": "300",
        "InspectConcurrency": "32",
        "InspectionDays": "400",
        "KeyPrefix": "in/",
        "KmsKeyArn": KEY,
        "Layers": ",".join(LAYERS),
        "LogRetentionDays": "90",
        "MemorySize": "2048",
        "PageOrigin": "https://files.example.org",
        "QuarantineDays": "90",
        "ReconcileSchedule": "rate(1 day)",
        "RecordConcurrency": "8",
        "ResultsBucketName": "my-results",
        "Runtime": "python3.12",
        "SecurityGroupIds": "sg-1,sg-2",
        "StateMachineArn": MACHINE,
        "SubnetIds": "subnet-1,subnet-2",
        "TellTopic": "true",
    },
    {
        "access_log_bucket_name": "my-logs",
        "alarm_topic_arn": ALARMS,
        "architecture": "x86_64",
        "bucket_name": "my-arrivals",
        "catalog": "dynamodb",
        "collector_endpoint": COLLECTOR,
        "database_secret": SECRET,
        "database_url": "postgresql://db.example.org/files",
        "deletion_protection": False,
        "error_rate_percent": 5,
        "event_bus_name": "mine",
        "feeds_uri": FEEDS,
        "function_timeout": 300,
        "inspect_concurrency": 32,
        "inspection_days": 400,
        "key_prefix": "in/",
        "kms_key_arn": KEY,
        "layers": LAYERS,
        "log_retention_days": 90,
        "memory_size": 2048,
        "page_origin": "https://files.example.org",
        "quarantine_days": 90,
        "reconcile_schedule": "rate(1 day)",
        "record_concurrency": 8,
        "results_bucket_name": "my-results",
        "runtime": "python3.12",
        "security_group_ids": ["sg-1", "sg-2"],
        "state_machine_arn": MACHINE,
        "subnet_ids": ["subnet-1", "subnet-2"],
        "tell_topic": True,
    },
)
# A database with everything as usual, and one with everything else.
DATABASE = Scenario(
    {
        **QUEUED,
        "DatabaseUrl": address("Database", "db.example.org"),
        "DatabaseSecret": SECRET,
        "SubnetIds": "ref:FirstSubnet,ref:SecondSubnet",
        "SecurityGroupIds": "att:FunctionsGroup.GroupId",
    },
    {"database": {}},
    {"MonitoringRoleArn": arn("role", "monitoring")},
)
PROXY = Scenario(
    {
        **QUEUED,
        "DatabaseUrl": address("DatabaseProxy", "proxy.example.org"),
        "DatabaseSecret": SECRET,
        "SubnetIds": "subnet-1,subnet-2",
        "SecurityGroupIds": "att:FunctionsGroup.GroupId",
        "DeletionProtection": "false",
        "KmsKeyArn": KEY,
    },
    {
        "database": {
            "vpc_id": "vpc-1",
            "subnet_ids": ["subnet-1", "subnet-2"],
            "client_security_group_id": "sg-3",
            "engine_version": "16",
            "instance_class": "db.r8g.large",
            "allocated_storage": 100,
            "max_allocated_storage": 500,
            "multi_az": False,
            "backup_retention_days": 7,
            "proxy": True,
        },
        "deletion_protection": False,
        "kms_key_arn": KEY,
    },
    {
        "VpcId": "vpc-1",
        "SubnetIds": "subnet-1,subnet-2",
        "ClientSecurityGroupId": "sg-3",
        "EngineVersion": "16",
        "InstanceClass": "db.r8g.large",
        "AllocatedStorage": "100",
        "MaxAllocatedStorage": "500",
        "MultiAz": "false",
        "BackupRetentionDays": "7",
        "MonitoringRoleArn": arn("role", "monitoring"),
        "ProxyRoleArn": arn("role", "proxy"),
        "ProxySecret": SECRET,
        "DeletionProtection": "false",
        "KmsKeyArn": KEY,
    },
)
SCENARIOS = {
    "nothing": Scenario(QUEUED, {}),
    "function": Scenario({"Trigger": "function", "TargetFunctionArn": FUNCTION}, {"trigger": "function"}),
    "eventbridge": Scenario({}, {"trigger": "eventbridge"}),
    "everything": EVERYTHING,
    "feeds": Scenario({**QUEUED, "FeedsUri": FEEDS}, {"feeds_uri": FEEDS}),
    "image": Scenario({**QUEUED, "ImageUri": IMAGE}, {"image_uri": IMAGE, "package": None}),
    "topic": Scenario({**QUEUED, "TellTopic": "true"}, {"tell_topic": True}),
    "machine": Scenario({**QUEUED, "StateMachineArn": MACHINE}, {"state_machine_arn": MACHINE}),
    "database": DATABASE,
    "proxy": PROXY,
}


def _role(name: str) -> dict[str, str]:
    return {"id": name, "name": name, "arn": arn("role", name)}


# What AWS would answer of the database: the references that CloudFormation has are good enough.
IN_DATABASE: dict[str, dict[str, Any]] = {
    "aws_db_instance.this": {"address": "db.example.org", "master_user_secret": [{"secret_arn": SECRET}]},
    "aws_db_parameter_group.this": {"name": "ref:Settings"},
    "aws_db_proxy.this": {"endpoint": "proxy.example.org"},
    "aws_db_subnet_group.this": {"name": SUBNET_GROUP},
    "aws_iam_role.monitoring": _role("monitoring"),
    "aws_iam_role.proxy": _role("proxy"),
    "aws_route_table.this": {"id": "ref:Routes"},
    'aws_security_group.this["database"]': {"id": "att:DatabaseGroup.GroupId"},
    'aws_security_group.this["functions"]': {"id": "att:FunctionsGroup.GroupId"},
    'aws_security_group.this["proxy"]': {"id": "att:ProxyGroup.GroupId"},
    'aws_security_group.this["ways"]': {"id": "att:WaysGroup.GroupId"},
    'aws_subnet.this["csvgate-1"]': {"id": "ref:FirstSubnet"},
    'aws_subnet.this["csvgate-2"]': {"id": "ref:SecondSubnet"},
    "aws_vpc.this": {"id": "ref:Vpc"},
}
STAGES = {"inspect": "process_csv", "record": "record_csv", "reconcile": "reconcile_csv"}
WORKING = {f'this["{name}"]': f"csvgate-{name}" for name in ("arrivals", "inspected")}
QUEUES = {**WORKING, **{f'dead["{name}"]': f"csvgate-{name}-dead" for name in ("arrivals", "inspected")}}
SCHEDULES = {f'schedule["{name}"]': f"csvgate-{name}" for name in ("sweep", "reconcile")}
RULES = {"arrivals": "csvgate-arrivals", **SCHEDULES}


def answers(variables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What AWS would answer to what is made, by the address of the resource."""
    inbound, results = variables.get("bucket_name", INBOUND), variables.get("results_bucket_name", RESULTS)
    buckets = {"inbound": inbound, "results": results}
    return {
        **{f'aws_s3_bucket.this["{key}"]': {"id": name, "arn": arn("bucket", name)} for key, name in buckets.items()},
        **{f"aws_sqs_queue.{key}": {"arn": arn("queue", name), "url": queue_url(name)} for key, name in QUEUES.items()},
        **{f'aws_iam_role.this["{stage}"]': _role(stage) for stage in STAGES},
        **{f'aws_lambda_function.this["{stage}"]': {"arn": arn("function", name)} for stage, name in STAGES.items()},
        **{f"aws_cloudwatch_event_rule.{key}": {"arn": arn("event-rule", name)} for key, name in RULES.items()},
        "aws_iam_role.state_machine": _role("statemachine"),
        "aws_sns_topic.deliveries": {"arn": arn("topic", "csvgate-deliveries")},
        **{f"module.database[0].{target}": known for target, known in IN_DATABASE.items()},
    }


def suite() -> dict[str, Any]:
    """A test of Terraform's that plans every scenario, in its JSON form."""
    mocked: dict[str, dict[str, Any]] = {
        "aws_availability_zones": {"names": [f"{REGION}a", f"{REGION}b"]},
        "aws_caller_identity": {"account_id": ACCOUNT},
        "aws_partition": {"partition": "aws", "dns_suffix": "amazonaws.com"},
        "aws_region": {"id": REGION},
    }
    return {
        "mock_provider": {"aws": {"mock_data": {name: {"defaults": known} for name, known in mocked.items()}}},
        "variables": {"package": "versions.tf"},
        "run": {name: _run(scenario.variables) for name, scenario in SCENARIOS.items()},
    }


def _run(variables: dict[str, Any]) -> dict[str, Any]:
    known = answers(variables).items()
    overrides = [{"target": target, "override_during": "plan", "values": values} for target, values in known]
    return {"command": "plan", "variables": variables, "override_resource": overrides}
