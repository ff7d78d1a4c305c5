"""An endpoint in, buckets, tables and queues with names of their own out, so that tests can share one emulator."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from csvgate.aws.client import Credentials, Where, client
from csvgate.aws.dynamodb_catalog import DynamoDbCatalog

INBOUND = "test-bucket"
INDEXES = {"by-key": "object", "by-day": "day", "by-state": "state_day", "by-verdict": "verdict_day"}


def where(endpoint_url: str) -> Where:
    """The emulator's address and dummy keys."""
    credentials = Credentials(access_key="test", secret_key="test")  # noqa: S106  # the emulator's
    return Where(endpoint_url=endpoint_url, region="us-east-1", credentials=credentials)


def unique(name: str) -> str:
    """A name that no other test has."""
    return f"{name}-{uuid4().hex[:12]}"


def make_catalog(dynamodb: Any) -> DynamoDbCatalog:
    """A catalog over two new, empty tables; `dynamodb` may be a client that fails."""
    names = make_tables(dynamodb)
    return DynamoDbCatalog(dynamodb, **names, inbound_bucket=INBOUND)


def make_tables(dynamodb: Any) -> dict[str, str]:
    """Two new, empty tables, with the keys and indexes of the stack."""
    metadata, deliveries = unique("metadata"), unique("deliveries")
    dynamodb.create_table(
        TableName=metadata,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=_attributes("FileName"),
        KeySchema=_keys("FileName"),
    )
    dynamodb.create_table(
        TableName=deliveries,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=_attributes("pk", "sk", "arrived", *INDEXES.values()),
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {"IndexName": name, "KeySchema": _keys(attribute, "arrived"), "Projection": {"ProjectionType": "ALL"}}
            for name, attribute in INDEXES.items()
        ],
    )
    return {"metadata_table": metadata, "deliveries_table": deliveries}


def make_bucket(s3: Any, *, versioned: bool = True) -> str:
    """A new, empty bucket."""
    bucket = unique("bucket")
    s3.create_bucket(Bucket=bucket)
    if versioned:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def dynamodb_at(endpoint_url: str) -> Any:
    """The shared client."""
    return client("dynamodb", **where(endpoint_url))


def _attributes(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def _keys(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]
