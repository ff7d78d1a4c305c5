"""Messages of a queue in, rows in PostgreSQL out: the usual small pipeline, as it is usually written.

Read the file that an event names, insert its rows in batches, note the file, delete the message.
An error ends the process, and whatever runs it starts it again. Knows nothing of csvgate.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import boto3
import psycopg

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BATCH = 500
TABLES = """
CREATE TABLE IF NOT EXISTS files (
    file_name text PRIMARY KEY, version_id text NOT NULL, uploaded_at timestamptz NOT NULL, row_count integer NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
    file_name text NOT NULL,
    order_id text, customer text, ordered_on date, quantity bigint, amount numeric, note text
);
"""
INSERT = "INSERT INTO orders VALUES (%s, %s, %s, %s, %s, %s, %s)"
NOTE = """
INSERT INTO files VALUES (%s, %s, %s, %s)
ON CONFLICT (file_name) DO UPDATE
SET version_id = excluded.version_id, uploaded_at = excluded.uploaded_at, row_count = excluded.row_count
"""


def load(record: dict[str, Any], s3: S3Client, connection: psycopg.Connection) -> None:
    """The rows of the file are in the table, and the file is noted."""
    stored = record["s3"]["object"]
    key, version = unquote_plus(stored["key"]), stored["versionId"]
    body = s3.get_object(Bucket=record["s3"]["bucket"]["name"], Key=key, VersionId=version)["Body"].read()
    rows = csv.reader(io.StringIO(body.decode(), newline=""))
    next(rows)
    count = 0
    while batch := [(key, *(cell or None for cell in row)) for row in islice(rows, BATCH)]:
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, batch)
        connection.commit()
        count += len(batch)
    connection.execute(NOTE, (key, version, record["eventTime"], count))
    connection.commit()


def main() -> None:
    """Messages are worked on until somebody ends it."""
    s3, sqs, queue = boto3.client("s3"), boto3.client("sqs"), os.environ["SQS_QUEUE_URL"]
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        sys.stderr.write("at work\n")
        while True:
            for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", []):
                for record in json.loads(message["Body"])["Records"]:
                    load(record, s3, connection)
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


if __name__ == "__main__":
    main()
