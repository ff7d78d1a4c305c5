"""An emulator in; buckets, queues and tables of one's own in it, as an environment that names them, out."""

from __future__ import annotations

from csvgate.aws.client import client
from tests.aws.provision import dynamodb_at, make_bucket, make_tables, unique, where


def environment_on(endpoint_url: str, *, versioned: bool = True) -> dict[str, str]:
    """The variables that name a place where nobody else is."""
    at = where(endpoint_url)
    s3, sqs = client("s3", **at), client("sqs", **at)
    tables = make_tables(dynamodb_at(endpoint_url))
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "S3_BUCKET_NAME": make_bucket(s3, versioned=versioned),
        "CSVGATE_RESULTS_BUCKET": make_bucket(s3, versioned=False),
        "SQS_QUEUE_URL": sqs.create_queue(QueueName=unique("arrivals"))["QueueUrl"],
        "CSVGATE_INSPECTED_QUEUE_URL": sqs.create_queue(QueueName=unique("inspected"))["QueueUrl"],
        "CSVGATE_METADATA_TABLE": tables["metadata_table"],
        "CSVGATE_DELIVERIES_TABLE": tables["deliveries_table"],
    }
