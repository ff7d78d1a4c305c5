"""An endpoint in, buckets, tables and queues with names of their own out, so that tests can share one emulator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import yaml

from csvgate.aws.client import Credentials, Where, client
from csvgate.aws.dynamodb_catalog import DynamoDbCatalog
from csvgate.aws.rows.sink import DynamoDbSink
from csvgate.memory import MemoryObjectStore
from csvgate.ports.objects import ObjectStore
from csvgate.telling.notices import NOBODY, Audience
from tests.ports.contents import NOON

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

INBOUND = "test-bucket"
TABLES = Path(__file__).parents[2] / "infra" / "cloudformation" / "dynamodb.yaml"
DEFINITION = {"AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"}


class _Template(yaml.SafeLoader):
    """YAML whose `!Ref` and the like are left out."""


_Template.add_multi_constructor("!", lambda *_: None)


def where(endpoint_url: str) -> Where:
    """The emulator's address and dummy keys."""
    credentials = Credentials(access_key="test", secret_key="test")
    return Where(endpoint_url=endpoint_url, region="us-east-1", credentials=credentials)


def unique(name: str) -> str:
    """A name that no other test has."""
    return f"{name}-{uuid4().hex[:12]}"


def make_catalog(dynamodb: DynamoDBClient) -> DynamoDbCatalog:
    """A catalog over two new, empty tables; `dynamodb` may be a client that fails."""
    return catalog_over(make_tables(dynamodb), dynamodb)


def catalog_over(tables: dict[str, str], dynamodb: DynamoDBClient, audience: Audience = NOBODY) -> DynamoDbCatalog:
    """A catalog over these tables, with those who are to be told."""
    return DynamoDbCatalog(
        dynamodb,
        metadata_table=tables["metadata_table"],
        deliveries_table=tables["deliveries_table"],
        inbound_bucket=INBOUND,
        audience=audience,
    )


def make_tables(dynamodb: DynamoDBClient) -> dict[str, str]:
    """Two new, empty tables, with the keys and indexes that the stack's template gives them."""
    names = {"metadata_table": unique("metadata"), "deliveries_table": unique("deliveries")}
    for name, resource in zip(names.values(), ("MetadataTable", "DeliveriesTable"), strict=True):
        dynamodb.create_table(TableName=name, **_definition(resource))
    return names


def make_sink(dynamodb: DynamoDBClient, table: str, objects: ObjectStore | None = None) -> DynamoDbSink:
    """A sink over a table of rows, at noon; `dynamodb` may be a client that fails."""
    store = objects or MemoryObjectStore()
    return DynamoDbSink(dynamodb, table, objects=store, results_bucket="results", clock=lambda: NOON)


def _definition(resource: str) -> Any:  # noqa: ANN401  the parameters of a call
    resources = yaml.load(TABLES.read_text(), Loader=_Template)["Resources"]  # noqa: S506  # a safe loader
    properties = resources[resource]["Properties"]
    return {each: properties[each] for each in properties.keys() & DEFINITION}


def make_rows_table(dynamodb: DynamoDBClient) -> str:
    """A new, empty table for rows, as the stack's template has it."""
    name = unique("rows")
    dynamodb.create_table(TableName=name, **_definition("RowsTable"))
    return name


def make_bucket(s3: S3Client, *, versioned: bool = True) -> str:
    """A new, empty bucket."""
    bucket = unique("bucket")
    s3.create_bucket(Bucket=bucket)
    if versioned:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def dynamodb_at(endpoint_url: str) -> DynamoDBClient:
    """The shared client."""
    return client("dynamodb", **where(endpoint_url))


def received(sqs: SQSClient, url: str) -> list[str]:
    """The bodies of up to ten messages that wait in the queue."""
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in answer.get("Messages", [])]
