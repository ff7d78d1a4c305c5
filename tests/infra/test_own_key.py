"""With a key and a secret of one's own: all that is kept takes the key, and roles go no further with either."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.render import ROOT, fences
from tests.infra.rendering import of_type, render
from tests.infra.test_permissions import allowed, listed

KEY = "arn:aws:kms:eu-central-1:123456789012:key/k"
ALL = {"TellTopic": "true", "ReconcileSchedule": "rate(1 day)"}


@pytest.mark.parametrize(
    ("name", "kind", "setting"),
    [
        ("sqs", "SQS::Queue", "KmsMasterKeyId"),
        ("pipeline", "Logs::LogGroup", "KmsKeyId"),
        ("pipeline", "Lambda::Function", "KmsKeyArn"),
        ("pipeline", "SNS::Topic", "KmsMasterKeyId"),
    ],
)
def test_the_key_encrypts_what_is_kept(name: str, kind: str, setting: str) -> None:
    found = of_type(render(name, KmsKeyArn=KEY, **(ALL if name == "pipeline" else {})), kind)
    assert found
    assert {properties[setting] for properties in found.values()} == {KEY}


def test_a_queue_has_one_encryption_and_not_two() -> None:
    """SQS refuses both."""
    for queue in of_type(render("sqs", KmsKeyArn=KEY), "SQS::Queue").values():
        assert "SqsManagedSseEnabled" not in queue
    for queue in of_type(render("sqs"), "SQS::Queue").values():
        assert "KmsMasterKeyId" not in queue


def test_the_key_encrypts_buckets_and_tables() -> None:
    """A key for a bucket spares most of the calls to KMS."""
    for bucket in of_type(render("s3", KmsKeyArn=KEY), "S3::Bucket").values():
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["BucketKeyEnabled"] is True
        assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    for table in of_type(render("dynamodb", KmsKeyArn=KEY), "DynamoDB::Table").values():
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}


def statements(**parameters: str) -> dict[str, list[dict[str, Any]]]:
    """What the functions' roles may do with KMS."""
    roles = of_type(render("pipeline", **ALL, **parameters), "IAM::Role")
    return {
        role: [
            statement
            for statement in policy["Policies"][0]["PolicyDocument"]["Statement"]
            if "kms" in str(listed(statement["Action"]))
        ]
        for role, policy in roles.items()
    }


def test_the_roles_use_the_key_only_through_services_and_only_where_there_is_one() -> None:
    for found in statements(KmsKeyArn=KEY).values():
        (statement,) = found
        assert (statement["Action"], statement["Resource"]) == (["kms:Decrypt", "kms:GenerateDataKey"], KEY)
        (via,) = statement["Condition"]["StringEquals"].values()
        assert {service.partition(".")[0] for service in via} >= {"dynamodb", "s3", "secretsmanager", "sns", "sqs"}
    assert set(map(str, statements().values())) == {"[]"}


def test_the_keys_policy_on_the_page_lets_everybody_through_who_tells_a_queue() -> None:
    """EventBridge supports no condition there, and whose events a queue takes is said by the queue."""
    page = (ROOT / "docs" / "how-to" / "aws.md").read_text(encoding="utf-8")
    ((events, _),) = (json.loads(fence.text) for fence in fences(page) if fence.language == "json")
    policies = of_type(render("sqs", KmsKeyArn=KEY), "SQS::QueuePolicy").values()
    told = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    senders = {each["Principal"]["Service"] for each in told if each["Effect"] == "Allow"}
    assert (set(events["Principal"]["Service"]), "Condition" in events) == (senders, False)


def test_accesses_to_buckets_are_logged_where_it_is_said() -> None:
    given = of_type(render("s3", AccessLogBucketName="logs"), "S3::Bucket")
    prefixes = {bucket["LoggingConfiguration"]["LogFilePrefix"] for bucket in given.values()}
    assert prefixes == {"arrivals/", "results/"}
    assert not [bucket for bucket in of_type(render("s3"), "S3::Bucket").values() if "LoggingConfiguration" in bucket]


@pytest.mark.parametrize("role", ["InspectRole", "RecordRole", "ReconcileRole"])
def test_every_function_may_read_the_secret_of_the_database_and_no_other(role: str) -> None:
    """Each of them asks the database."""
    rights = allowed(role, DatabaseSecret="arn:db")
    assert {(action, where) for action, where in rights if action.startswith("secretsmanager:")} == {
        ("secretsmanager:GetSecretValue", "arn:db")
    }
