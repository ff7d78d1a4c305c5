"""The message of an upload service that names an object and nothing else in; the bucket and the key out.

Many services put just the key of what they stored on a queue: as text, or as JSON in a handful of spellings.
The key is as it is, not url-encoded. Pure: no client.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

KEYS = ("key", "file_key", "fileKey", "s3_key", "s3Key", "object_key", "objectKey", "file", "path")
BUCKETS = ("bucket", "bucket_name", "bucketName", "s3_bucket", "s3Bucket")
# S3 has no longer ones.
LONGEST_KEY = 1024
SCHEME = "s3://"
# Control characters, halves of surrogate pairs, and ends of lines. All else may be in a name: macOS puts a narrow
# no-break space into the times of its file names, and an emoji may be younger than this Python.
NOT_IN_NAMES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def named(text: str, bucket: str) -> tuple[str, str] | None:
    """The bucket (that one, unless the message says another) and the key; None if the message is of another kind."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = text.strip()
    if isinstance(message, Mapping):
        key = _first(message, KEYS)
        return _placed(key, _first(message, BUCKETS) or bucket) if key else None
    return _placed(message, bucket) if isinstance(message, str) else None


def _placed(key: str, bucket: str) -> tuple[str, str] | None:
    if key.startswith(SCHEME):
        bucket, _, key = key.removeprefix(SCHEME).partition("/")
    return (bucket, key) if bucket and _is_key(key) else None


def _is_key(text: str) -> bool:
    """No broken JSON, no control characters, and no longer than a key may be."""
    looks_like_json = text[:1] in {"{", "["}
    if not text or looks_like_json or NOT_IN_NAMES.intersection(map(unicodedata.category, text)):
        return False
    return len(text.encode()) <= LONGEST_KEY


def _first(message: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((message[name] for name in names if isinstance(message.get(name), str) and message[name]), None)
