"""A bucket in; whether it tells somebody of the new objects under a key, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from csvgate.aws.errors import translated

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ALL, WHOLE, IN_PARTS = "s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload"
TARGETS = ("QueueConfigurations", "TopicConfigurations", "LambdaFunctionConfigurations")


def told_of(client: S3Client, bucket: str) -> Callable[[str], bool]:
    """Says of a key whether somebody is told of an object that is put there; asked of the bucket once, now."""
    with translated():
        answer: Mapping[str, Any] = client.get_bucket_notification_configuration(Bucket=bucket)
    if "EventBridgeConfiguration" in answer:
        return lambda _: True
    filters = [*_filters(answer)]
    return lambda key: any(_fits(key, rules) for rules in filters)


def _filters(answer: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Of each who is told of objects however they are put, for which keys."""
    for target in TARGETS:
        for told in answer.get(target, []):
            events = set(told["Events"])
            if ALL in events or {WHOLE, IN_PARTS} <= events:
                rules = told.get("Filter", {}).get("Key", {}).get("FilterRules", [])
                yield {rule["Name"].lower(): rule["Value"] for rule in rules}


def _fits(key: str, rules: Mapping[str, str]) -> bool:
    return key.startswith(rules.get("prefix", "")) and key.endswith(rules.get("suffix", ""))
