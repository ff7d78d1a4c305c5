"""S3 as an ObjectStore: arrivals and addresses in, versions and streams of exactly their bytes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError, IncompleteReadError  # noqa: A004
from urllib3.exceptions import HTTPError

from csvgate.aws import s3_answers as answers
from csvgate.aws.errors import code_of, translated
from csvgate.aws.patience import tries
from csvgate.delivery import Arrival
from csvgate.errors import NoSuchBucket, TransientError
from csvgate.ports.objects import Document, ObjectVersion, OpenObject

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from types_boto3_s3 import S3Client

CHUNK = 1 << 20
CONNECTIONS_PER_READ = 8

# A HEAD is answered without a body, so its code is the bare status. 405: the version is a delete marker.
_GONE = frozenset({"NoSuchBucket", "NoSuchKey", "NoSuchVersion", "MethodNotAllowed", "404", "405"})
_CHANGED = frozenset({"PreconditionFailed", "412"})
_BEHIND_THE_END = frozenset({"InvalidRange", "416"})
# Of a conditional write: it is another one, it is gone, or somebody writes it at this moment.
_OTHERS_WERE_FASTER = frozenset({"PreconditionFailed", "NoSuchKey", "ConditionalRequestConflict"})
_DROPPED = (ConnectionError, HTTPClientError, HTTPError, IncompleteReadError)


class S3ObjectStore:
    """The object store that is S3, or speaks like it."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def find(self, bucket: str, key: str, version_id: str | None = None) -> ObjectVersion | None:
        """The version asked for, or the latest; None if there is none (or it is a delete marker)."""
        found = self._head(bucket, key, version_id)
        if found is None or version_id is None:
            return found
        latest = self._head(bucket, key, None)
        if latest is not None and latest.version_id == found.version_id:
            return latest
        return found

    def open(self, arrival: Arrival) -> OpenObject | Literal["vanished", "superseded"]:
        """The bytes of exactly this arrival, with one request for facts and body.

        `version.is_latest` is only true where the latest was asked for.
        """
        with translated():
            try:
                answer = self._client.get_object(
                    **answers.exactly(arrival.bucket, arrival.key, arrival.version_id, arrival.etag)
                )
            except ClientError as exc:
                if code_of(exc) in _GONE:
                    return "vanished"
                if code_of(exc) in _CHANGED:
                    return "superseded"
                raise
        version = answers.version(arrival.bucket, arrival.key, answer, is_latest=arrival.version_id is None)
        held = [answer["Body"]]
        told = answer.get("Metadata", {})
        return OpenObject(
            version=version, chunks=lambda: self._read(version, held.pop() if held else None), metadata=told
        )

    def extract(self, arrival: Arrival, start: int, size: int) -> bytes | None:
        """So many bytes of exactly this arrival, or fewer at its end; None if it is gone, or another one by now."""
        wanted = answers.exactly(arrival.bucket, arrival.key, arrival.version_id, arrival.etag)
        found = self._range_of(wanted, f"bytes={start}-{start + size - 1}", start + size)
        if found is None:
            return None
        body, is_part = found
        # Some stores give older versions whole, whatever was asked for.
        return body if is_part else body[start:]

    def versions(self, bucket: str, prefix: str = "") -> Iterator[ObjectVersion]:
        """All versions and delete markers below a prefix, newest first within a key."""
        with translated(), _bucket_is_there(bucket):
            for page in self._client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
                entries = sorted([*page.get("Versions", []), *page.get("DeleteMarkers", [])], key=answers.place_in_list)
                yield from (answers.listed(bucket, entry) for entry in entries)

    def write(self, bucket: str, key: str, body: bytes, content_type: str) -> str:
        """Store a document; the answer is its `s3://` address. Writing the same key again replaces it."""
        with translated():
            self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)
        return f"s3://{bucket}/{key}"

    def read(self, uri: str, *, last: int | None = None) -> bytes | None:
        """A document that was stored, or no more than its last so many bytes; or None."""
        if last is not None:
            return self._end_of(uri, last)
        document = self.see(uri)
        return document.body if document else None

    def see(self, uri: str) -> Document | None:
        """A document with what tells whether it is still the same; or None."""
        bucket, key = answers.place(uri)
        opened = self.open(Arrival(bucket=bucket, key=key))
        if isinstance(opened, str):
            return None
        return Document(body=b"".join(opened.chunks()), tag=opened.version.etag or "")

    def swap(self, uri: str, body: bytes, content_type: str, *, seen: Document | None) -> bool:
        """One conditional write: the document is there in place of the one that was seen (None: of none)."""
        bucket, key = answers.place(uri)
        only: Any = {"IfMatch": f'"{seen.tag}"'} if seen else {"IfNoneMatch": "*"}
        with translated():
            try:
                self._client.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type, **only)
            except ClientError as exc:
                if code_of(exc) in _OTHERS_WERE_FASTER:
                    return False
                raise
        return True

    def remove(self, uri: str) -> None:
        """There is no such document, whether or not there was one."""
        bucket, key = answers.place(uri)
        with translated():
            self._client.delete_object(Bucket=bucket, Key=key)

    def documents(self, bucket: str, prefix: str = "") -> Iterator[str]:
        """The addresses of all documents whose keys begin so, in the order of their keys."""
        with translated(), _bucket_is_there(bucket):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                yield from (f"s3://{bucket}/{entry['Key']}" for entry in page.get("Contents", []))

    def erase(self, arrival: Arrival) -> bool:
        """The bytes of exactly this arrival are gone for good; False if they were gone, or are another one's by now."""
        bucket, key, version_id = arrival.bucket, arrival.key, arrival.version_id
        found = self._head(bucket, key, version_id or answers.NULL)
        if found is None or (version_id is None and arrival.etag not in {None, found.etag}):
            return False
        with translated():
            if version_id is None and not self._delete_current(found):
                return False
            # Without an id it is gone by now, unless the bucket keeps versions since: then nobody can replace it.
            left = found if version_id else self._head(bucket, key, answers.NULL)
            if left and left.etag == found.etag:
                self._client.delete_object(Bucket=bucket, Key=key, VersionId=version_id or answers.NULL)
        return True

    def erase_documents(self, bucket: str, prefix: str, holding: str = "") -> int:
        """No document whose key begins so, and holds that, is there, in no version; how many versions went."""
        erased = 0
        with translated():
            for version in self.versions(bucket, prefix):
                if holding in version.key:
                    self._client.delete_object(
                        Bucket=bucket, Key=version.key, VersionId=version.version_id or answers.NULL
                    )
                    erased += not version.is_delete_marker
        return erased

    def _delete_current(self, found: ObjectVersion) -> bool:
        """The object is deleted, if it is the current one and still the same; False if another one is in its place."""
        current = self._head(found.bucket, found.key, None)
        if current is None or current.version_id is not None:
            return True
        try:
            self._client.delete_object(Bucket=found.bucket, Key=found.key, IfMatch=f'"{found.etag}"')
        except ClientError as exc:
            if code_of(exc) in _OTHERS_WERE_FASTER | _CHANGED | _GONE:
                return False
            raise
        return True

    def _end_of(self, uri: str, size: int) -> bytes | None:
        bucket, key = answers.place(uri)
        found = self._range_of({"Bucket": bucket, "Key": key}, f"bytes=-{size}")
        return found[0] if found else None

    def _range_of(self, wanted: Mapping[str, Any], part: str, most: int | None = None) -> tuple[bytes, bool] | None:
        """What the store gives, no more than so many bytes, and whether it is that part; None if there is nothing."""
        with translated():
            try:
                answer = self._client.get_object(**wanted, Range=part)
                with closing(answer["Body"]) as body:
                    return body.read(most), "ContentRange" in answer
            except ClientError as exc:
                if code_of(exc) in _BEHIND_THE_END:
                    return b"", True
                if code_of(exc) in _GONE | _CHANGED:
                    return None
                raise

    def _head(self, bucket: str, key: str, version_id: str | None) -> ObjectVersion | None:
        with translated():
            try:
                answer = self._client.head_object(**answers.exactly(bucket, key, version_id, None))
            except ClientError as exc:
                if code_of(exc) in _GONE:
                    return None
                raise
        return answers.version(bucket, key, answer, is_latest=version_id is None)

    def _read(self, version: ObjectVersion, body: StreamingBody | None) -> Iterator[bytes]:
        """Exactly `version.size` bytes: a connection that ends early is taken up where it broke."""
        position = 0
        with translated():
            for _ in tries(CONNECTIONS_PER_READ):
                for chunk in _until_it_breaks(body or self._body_from(version, position)):
                    position += len(chunk)
                    yield chunk
                if position >= version.size:
                    break
                body = None
        if position != version.size:
            message = f"reading s3://{version.bucket}/{version.key} gave {position} of {version.size} bytes"
            raise TransientError(message)

    def _body_from(self, version: ObjectVersion, position: int) -> StreamingBody:
        wanted = answers.exactly(version.bucket, version.key, version.version_id, version.etag)
        if position:
            wanted["Range"] = f"bytes={position}-"
        try:
            return self._client.get_object(**wanted)["Body"]
        except ClientError as exc:
            if code_of(exc) in _GONE | _CHANGED:
                message = f"s3://{version.bucket}/{version.key} was replaced or removed while it was read"
                raise TransientError(message) from exc
            raise


@contextmanager
def _bucket_is_there(bucket: str) -> Iterator[None]:
    """An empty list would say that nothing was ever lost."""
    try:
        yield
    except ClientError as exc:
        if code_of(exc) == "NoSuchBucket":
            raise NoSuchBucket(bucket) from exc
        raise


def _until_it_breaks(body: StreamingBody) -> Iterator[bytes]:
    with closing(body), suppress(*_DROPPED):
        yield from body.iter_chunks(CHUNK)
