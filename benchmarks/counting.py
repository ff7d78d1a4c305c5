"""The least that a two-stage pipeline can do: handlers that count the lines of a file and write one item.

Deployed in place of csvgate's own, with the same templates; no claim, no history, no order, no proof of anything.
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")
sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")


def on_arrival(event: dict[str, Any], _context: object) -> None:
    """Each file's lines are counted, and the second stage is told."""
    for message in event["Records"]:
        for record in json.loads(message["body"]).get("Records", ()):
            bucket, key = record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
            lines = s3.get_object(Bucket=bucket, Key=key)["Body"].read().count(b"\n")
            body = json.dumps({"key": key, "lines": lines})
            sqs.send_message(QueueUrl=os.environ["CSVGATE_INSPECTED_QUEUE_URL"], MessageBody=body)


def on_inspected(event: dict[str, Any], _context: object) -> None:
    """Each file has its item."""
    for message in event["Records"]:
        counted = json.loads(message["body"])
        item = {"FileName": {"S": counted["key"]}, "row_count": {"N": str(counted["lines"] - 1)}}
        dynamodb.put_item(TableName=os.environ["CSVGATE_METADATA_TABLE"], Item=item)
