"""With a secret and a state machine the roles suffice as well, in an emulator that enforces them."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from csvgate.aws.client import Where, client
from csvgate.local import cloudformation, deployment
from csvgate.local.cloudformation import Plan
from csvgate.local.deployment import deploy
from csvgate.local.postgres import Postgres
from csvgate.local.services import CREDENTIALS, REGION, Services
from tests.infra.test_roles_suffice import edit_templates, guarded, states
from tests.postgres.provision import make_database
from tests.waiting import until_equal

__all__ = ["guarded"]
MACHINE = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: sts:AssumeRole}]
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition: {StartAt: Hear, States: {Hear: {Type: Pass, End: true}}}
Outputs:
  Arn: {Value: !Ref Machine}
"""


KEY = """
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "kms:*", Resource: "*"}]
Outputs:
  Arn: {Value: !GetAtt Key.Arn}
"""
NO_KEY = '  KmsKeyArn:\n    Type: String\n    Default: "'


def at(endpoint_url: str) -> Where:
    """Whom a client of the emulator speaks to."""
    return Where(endpoint_url=endpoint_url, region=REGION, credentials=CREDENTIALS)


def ask_for(monkeypatch: pytest.MonkeyPatch, **parameters: str) -> None:
    """The functions' stack gets these parameters as well."""
    for name, value in parameters.items():
        monkeypatch.setitem(deployment.CONCURRENCY, name, value)


def invoked(services: Services, event: dict[str, Any]) -> dict[str, Any]:
    """What the scheduled function answers."""
    answer = services.functions.invoke(FunctionName="reconcile_csv", Payload=json.dumps(event))
    told: dict[str, Any] = json.load(answer["Payload"])
    return told


def test_who_is_let_into_the_database_is_read_from_a_secret_also_when_it_changes(
    guarded: str, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has the password but the secret; the functions also make the tables."""
    database_url = make_database(postgres)
    password = (postgres.folder / "pgpass").read_text().strip().rpartition(":")[2]
    secrets = client("secretsmanager", **at(guarded))
    wrong, right = ({"username": "csvgate", "password": held} for held in ("old", password))
    secret = secrets.create_secret(Name="database", SecretString=json.dumps(wrong))["ARN"]
    ask_for(monkeypatch, DatabaseSecret=secret)
    facts = deploy(guarded, database_url=database_url.partition("?")[0].replace("csvgate@", ""))
    services = Services.at(guarded)
    assert invoked(services, {"migrate": True})["errorMessage"]
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(right))
    assert "002_catalog" in invoked(services, {"migrate": True})["migrated"]
    services.s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\n")
    with psycopg.connect(database_url, autocommit=True) as connection:
        look = connection.execute
        until_equal(lambda: look("SELECT key, state FROM csvgate.catalog").fetchall(), [("new.csv", "loaded")])


def test_each_word_starts_the_state_machine_that_is_named(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the event as its input; the rule's role may start that machine, and no other."""
    services, machines = Services.at(guarded), client("stepfunctions", **at(guarded))
    machine = cloudformation.apply(services.cloudformation, Plan(stack="machine", template=MACHINE))["Arn"]
    ask_for(monkeypatch, StateMachineArn=machine)
    facts = deploy(guarded)
    services.s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\n")
    until_equal(lambda: states(facts), {"new.csv": "recorded"})
    until_equal(lambda: len(machines.list_executions(stateMachineArn=machine)["executions"]), 1)
    (started,) = machines.list_executions(stateMachineArn=machine)["executions"]
    event = json.loads(machines.describe_execution(executionArn=started["executionArn"])["input"])
    assert (event["source"], event["detail-type"]) == ("csvgate", "Delivery recorded")
    assert event["detail"]["data"]["row_count"] == 1


def test_a_file_goes_through_where_everything_is_encrypted_with_a_key_of_ones_own(
    guarded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stacks take the key, also together; that a bucket does is left to the template's tests."""
    services = Services.at(guarded)
    key = cloudformation.apply(services.cloudformation, Plan(stack="key", template=KEY))["Arn"]
    edit_templates(monkeypatch, NO_KEY, f"{NO_KEY}{key}")
    facts = deploy(guarded)
    sqs = client("sqs", **at(guarded))
    for queue in (facts.arrivals_queue_url, facts.inspected_dead_url):
        assert sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]["KmsMasterKeyId"] == key
    services.s3.put_object(Bucket=facts.bucket, Key="new.csv", Body=b"a,b\n1,2\n")
    until_equal(lambda: states(facts), {"new.csv": "recorded"})
