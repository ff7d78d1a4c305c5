"""A deployed stack in, nothing out if all of it is there: CloudFormation's word is not enough on an emulator.

An emulator says CREATE_COMPLETE for code that does not exist, and one that was killed may remember a stack
but not what was in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from csvgate.errors import PermanentError
from csvgate.local.facts import StackFacts
from csvgate.local.services import Services

PATIENCE_SECONDS = 5.0
POLL_SECONDS = 0.05
EVENTS = ("s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*")


def verify(services: Services, facts: StackFacts, code_sha256: str | None) -> None:
    """Buckets, tables, and, where there is code, functions and mappings are there and at work."""
    if gaps := missing(services, facts, code_sha256):
        message = (
            f"CloudFormation says that the stack is deployed, but {'; '.join(gaps)}."
            " Stop it with `csvgate down`, move its data directory away, and start again."
        )
        raise PermanentError(message)


def missing(services: Services, facts: StackFacts, code_sha256: str | None) -> tuple[str, ...]:
    """What is not as it was deployed, also after a short while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while gaps := tuple(_gaps(services, facts, code_sha256)):
        if time.monotonic() > deadline:
            return gaps
        time.sleep(POLL_SECONDS)
    return ()


def _gaps(services: Services, facts: StackFacts, code_sha256: str | None) -> Iterator[str]:
    for what, is_so in _promises(services, facts, code_sha256).items():
        try:
            if not is_so():
                yield what
        except services.s3.exceptions.ClientError as exc:
            yield f"{what} ({exc})"


def _promises(services: Services, facts: StackFacts, code_sha256: str | None) -> dict[str, Callable[[], bool]]:
    """What must be true, by what is wrong if it is not."""
    bucket = facts.bucket
    functions = [function for function in (facts.inspect_function, facts.record_function) if function]
    return {
        f"the bucket {bucket} does not tell what comes and goes": partial(_tells_all, services, bucket),
        f"the bucket {bucket} keeps no versions": partial(_keeps_versions, services, bucket),
        **{
            f"the table {table} is not active": partial(_is_active, services, table)
            for table in (facts.metadata_table, facts.deliveries_table)
        },
        **{
            f"the function {function} has other code": partial(_has_code, services, function, code_sha256)
            for function in functions
        },
        **{
            f"the function {function} is not fed by its queue": partial(_is_fed, services, function)
            for function in functions
        },
    }


def _tells_all(services: Services, bucket: str) -> bool:
    told = services.s3.get_bucket_notification_configuration(Bucket=bucket)
    targets = [*told.get("QueueConfigurations", ()), *told.get("LambdaFunctionConfigurations", ())]
    return set(EVENTS) <= {event for target in targets for event in target["Events"]}


def _keeps_versions(services: Services, bucket: str) -> bool:
    return services.s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"


def _is_active(services: Services, table: str) -> bool:
    return services.dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"


def _has_code(services: Services, function: str, sha256: str | None) -> bool:
    return services.functions.get_function_configuration(FunctionName=function)["CodeSha256"] == sha256


def _is_fed(services: Services, function: str) -> bool:
    mappings = services.functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    return any(mapping["State"] == "Enabled" for mapping in mappings)
