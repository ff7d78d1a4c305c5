"""Resources of CloudFormation in, what one may call the other by out: names, addresses and ARNs as AWS makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.infra.rendering import ACCOUNT, REGION

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
PLACE = f"{REGION}:{ACCOUNT}"
# A name that RDS takes as the beginning of another one, which a reference is not.
SUBNET_GROUP = "csvgate-subnets"


def queue_url(name: str) -> str:
    """Where AWS has the queue."""
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"


def arn(kind: str, name: str) -> str:
    """The ARN of a resource of this kind, a word of this table."""
    return {
        "bucket": f"arn:aws:s3:::{name}",
        "event-rule": f"arn:aws:events:{PLACE}:rule/{name}",
        "function": f"arn:aws:lambda:{PLACE}:function:{name}",
        "log-group": f"arn:aws:logs:{PLACE}:log-group:{name}",
        "proxy": f"arn:aws:rds:{PLACE}:db-proxy:{name}",
        "queue": f"arn:aws:sqs:{PLACE}:{name}",
        "role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "topic": f"arn:aws:sns:{PLACE}:{name}",
    }[kind]


# What a resource is called in the table above, and which of its properties is its name.
NAMED = {
    "Events::Rule": ("event-rule", "Name"),
    "Lambda::Function": ("function", "FunctionName"),
    "RDS::DBProxy": ("proxy", "DBProxyName"),
    "Logs::LogGroup": ("log-group", "LogGroupName"),
    "S3::Bucket": ("bucket", "BucketName"),
    "SNS::Topic": ("topic", "TopicName"),
    "SQS::Queue": ("queue", "QueueName"),
}
# Where a reference or an attribute is something else.
SPECIAL: dict[str, Callable[[str], dict[str, str]]] = {
    "Logs::LogGroup": lambda name: {"Arn": f"{arn('log-group', name)}:*"},
    "SNS::Topic": lambda name: {"": arn("topic", name)},
    "SQS::Queue": lambda name: {"": queue_url(name), "QueueName": name},
}


def role_name(logical: str) -> str:
    """CloudFormation makes names for roles; here a role is called by what it is for."""
    return logical.removesuffix("Role").lower()


def references(resources: Mapping[str, Any]) -> dict[str, str]:
    """What stands for `ref:X` and `att:X.Y` of each resource."""
    return {
        (f"att:{logical}.{what}" if what else f"ref:{logical}"): meant
        for logical, resource in resources.items()
        for what, meant in _meant(logical, resource).items()
    }


def _meant(logical: str, resource: Mapping[str, Any]) -> dict[str, str]:
    kind, given = resource["Type"].removeprefix("AWS::"), resource.get("Properties", {})
    if kind == "IAM::Role":
        return {"": role_name(logical), "Arn": arn("role", role_name(logical))}
    if kind == "EC2::SecurityGroup":
        return {"": f"att:{logical}.GroupId"}
    if kind == "RDS::DBSubnetGroup":
        return {"": SUBNET_GROUP}
    if kind == "RDS::DBInstance":
        return {"": given["DBInstanceIdentifier"], "MasterUserSecret.SecretArn": SECRET}
    if kind not in NAMED:
        return {}
    word, attribute = NAMED[kind]
    name = given[attribute]
    own = {"": name, "Arn": arn(word, name)}
    return own | SPECIAL[kind](name) if kind in SPECIAL else own


def resolved(node: Any, known: Mapping[str, str]) -> Any:  # noqa: ANN401  # whatever YAML can hold
    """The node, in which every reference is what it means."""
    if isinstance(node, dict):
        return {key: resolved(child, known) for key, child in node.items()}
    if isinstance(node, list):
        return [resolved(child, known) for child in node]
    if isinstance(node, str):
        # The longest first: the name of one resource may begin another's.
        for reference in sorted(known, key=len, reverse=True):
            node = node.replace(reference, known[reference])
    return node
