"""A template and its parameters in, a stack that is as they say out, with its outputs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csvgate.aws.errors import code_of
from csvgate.errors import PermanentError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef

# CloudFormation's own waiters look every 5 to 30 seconds; an emulator is ready after a few hundredths of one.
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 120.0
NO_CHANGE = "No updates are to be performed"
# In these a stack can only be deleted; what it was to keep stays.
BROKEN = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS")


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a stack should be; `found` are those of its buckets that are there already, by logical name."""

    stack: str
    template: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)


def apply(client: CloudFormationClient, plan: Plan) -> dict[str, str]:
    """The stack is as planned, whether it was there or not; the answer is its outputs."""
    if (_status(client, plan.stack) or "") in BROKEN:
        remove(client, plan.stack)
    if not _status(client, plan.stack) and plan.found:
        _adopt(client, plan)
    _create_or_update(client, plan)
    return _outputs(_settle(client, plan.stack))


def remove(client: CloudFormationClient, stack: str) -> None:
    """The stack is gone; what its template says to retain is still there."""
    client.delete_stack(StackName=stack)
    _settle(client, stack)


def _create_or_update(client: CloudFormationClient, plan: Plan) -> None:
    parameters: list[ParameterTypeDef] = [
        {"ParameterKey": name, "ParameterValue": value} for name, value in plan.parameters.items()
    ]
    put = client.update_stack if _status(client, plan.stack) else client.create_stack
    try:
        put(
            StackName=plan.stack,
            TemplateBody=plan.template,
            Parameters=parameters,
            Capabilities=["CAPABILITY_IAM"],
        )
    except client.exceptions.ClientError as exc:
        if code_of(exc) != "ValidationError" or NO_CHANGE not in str(exc):
            raise


def _adopt(client: CloudFormationClient, plan: Plan) -> None:
    """The stack exists and holds the buckets, so that a following update makes all else of them.

    A killed emulator comes back with the buckets that had objects, and with nothing else.
    """
    resources = {
        name: {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": bucket}}
        for name, bucket in plan.found.items()
    }
    client.create_change_set(
        StackName=plan.stack,
        ChangeSetName="adopt",
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps({"Resources": resources}),
        ResourcesToImport=[
            {
                "ResourceType": "AWS::S3::Bucket",
                "LogicalResourceId": name,
                "ResourceIdentifier": {"BucketName": bucket},
            }
            for name, bucket in plan.found.items()
        ],
    )
    _wait(lambda: client.describe_change_set(StackName=plan.stack, ChangeSetName="adopt")["Status"], plan.stack)
    client.execute_change_set(StackName=plan.stack, ChangeSetName="adopt")
    _settle(client, plan.stack)


def _settle(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    """The stack when nothing changes any more, None if it is gone."""
    status = _wait(lambda: _status(client, name) or "DELETE_COMPLETE", name)
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "DELETE_COMPLETE"}:
        message = f"The stack {name} could not be deployed ({status}): {_reasons(client, name)}"
        raise PermanentError(message)
    return _describe(client, name)


def _wait(status: Callable[[], str], name: str) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (now := status()).endswith(("_IN_PROGRESS", "_PENDING")):
        if time.monotonic() > deadline:
            message = f"The stack {name} is still {now} after {PATIENCE_SECONDS:.0f} seconds."
            raise PermanentError(message)
        time.sleep(POLL_SECONDS)
    return now


def _describe(client: CloudFormationClient, name: str) -> StackTypeDef | None:
    """By the list of all: asked for by name, a stack that does not exist is an error like any other."""
    pages = client.get_paginator("describe_stacks").paginate()
    return next((stack for page in pages for stack in page["Stacks"] if stack["StackName"] == name), None)


def _status(client: CloudFormationClient, name: str) -> str | None:
    stack = _describe(client, name)
    return stack["StackStatus"] if stack and stack["StackStatus"] != "DELETE_COMPLETE" else None


def _outputs(stack: StackTypeDef | None) -> dict[str, str]:
    outputs = stack.get("Outputs", []) if stack else []
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def _reasons(client: CloudFormationClient, name: str) -> str:
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("FAILED")]
    reasons = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'unknown')}" for event in failed]
    return "; ".join(reversed(reasons)) or "no reason given"
