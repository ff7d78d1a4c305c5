"""What S3 answers in; the versions that it tells of, and the parameters that mean one of them, out. No client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from csvgate.ports.objects import ObjectVersion

# The id of the one version that S3 keeps where versioning is off.
NULL = "null"


def place(uri: str) -> tuple[str, str]:
    """Bucket and key of an address."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def exactly(bucket: str, key: str, version_id: str | None, etag: str | None) -> dict[str, Any]:
    """A request for one version, or else for the object only while its etag is the one that is known."""
    wanted = {"Bucket": bucket, "Key": key}
    if version_id is not None:
        return {**wanted, "VersionId": version_id}
    return {**wanted, "IfMatch": f'"{etag}"'} if etag else wanted


def version(bucket: str, key: str, answer: Mapping[str, Any], *, is_latest: bool) -> ObjectVersion:
    """The version of which an answer to GET or HEAD tells."""
    return ObjectVersion(
        bucket=bucket,
        key=key,
        version_id=_version_id(answer),
        etag=_etag(answer),
        size=answer["ContentLength"],
        last_modified=_to_the_second(answer["LastModified"]),
        is_latest=is_latest,
    )


def listed(bucket: str, entry: Mapping[str, Any]) -> ObjectVersion:
    """The version, or delete marker, of which an entry of a list tells."""
    return ObjectVersion(
        bucket=bucket,
        key=entry["Key"],
        version_id=_version_id(entry),
        etag=_etag(entry),
        size=entry.get("Size", 0),
        last_modified=_to_the_second(entry["LastModified"]),
        is_latest=entry["IsLatest"],
        is_delete_marker="Size" not in entry,
    )


def place_in_list(entry: Mapping[str, Any]) -> tuple[str, bool, float]:
    """By key, the latest first: S3 lists to the second, so that the time alone would not tell."""
    return entry["Key"], not entry["IsLatest"], -entry["LastModified"].timestamp()


def _to_the_second(moment: datetime) -> datetime:
    """As HTTP headers tell it, so that the same version looks the same, found or listed."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _version_id(answer: Mapping[str, Any]) -> str | None:
    version_id = answer.get("VersionId")
    return None if version_id in {None, "", NULL} else version_id


def _etag(answer: Mapping[str, Any]) -> str | None:
    etag = answer.get("ETag")
    return etag.strip('"') if etag else None
