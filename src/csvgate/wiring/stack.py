"""Settings in; the same with what the deployed stacks say of themselves, out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from csvgate.errors import UsageError
from csvgate.settings import Settings
from csvgate.variables import SETTINGS
from csvgate.wiring.place import where

# What the stacks say of themselves, by the name of their output, and the setting that it is.
OUTPUTS = {
    "InboundBucketName": "bucket",
    "KeyPrefix": "key_prefix",
    "ResultsBucketName": "results_bucket",
    "ArrivalsQueueUrl": "arrivals_queue_url",
    "ArrivalsDeadQueueUrl": "arrivals_dead_url",
    "InspectedQueueUrl": "inspected_queue_url",
    "InspectedDeadQueueUrl": "inspected_dead_url",
    "DeliveriesTopicArn": "topic_arn",
}
NEEDED = ("bucket", "results_bucket", "arrivals_queue_url", "inspected_queue_url")


def complete(settings: Settings) -> Settings:
    """Settings in which nothing is missing that the stack needs: what nobody set, the deployed stacks tell."""
    if all(getattr(settings, field) for field in NEEDED):
        return settings
    from csvgate.aws.client import client
    from csvgate.aws.cloudformation import outputs

    told = outputs(client("cloudformation", **where(settings)))
    if settings.bucket and settings.bucket != told.get("InboundBucketName"):
        told.pop("KeyPrefix", None)  # of another bucket, of which all keys are to be compared
    unset = {name: field for name, field in OUTPUTS.items() if name in told and not getattr(settings, field)}
    found: dict[str, Any] = {field: told[name] for name, field in unset.items()}
    completed = replace(settings, **found)
    lacking = {field for field in NEEDED if not getattr(completed, field)}
    missing = [setting.name for setting in SETTINGS if setting.field in lacking]
    if missing:
        problem = f"No deployed stack tells {', '.join(missing)}. Deploy the stack, or set them."
        raise UsageError(problem)
    return completed
