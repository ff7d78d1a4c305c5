"""Streams, and parts that others send, in; new versions of objects in S3 out: the Uploads of `csvgate.ports`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import ClientError

from csvgate.aws.errors import code_of, translated
from csvgate.delivery import Arrival
from csvgate.errors import CsvgateError, NoSuchBucket, PermanentError
from csvgate.ports.uploads import MARK, SMALLEST_PART, Part, Place

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

CONTENT_TYPE = "text/csv"
# A HEAD is answered without a body, so its code is the bare status. 405: the version is a delete marker.
_NOT_THERE = frozenset({"NoSuchBucket", "NoSuchKey", "404", "405"})


class _Named(TypedDict):
    Bucket: str
    Key: str


class _InParts(_Named):
    UploadId: str


class S3Uploads:
    """See Uploads; `part_bytes` is how much of a stream is held in memory."""

    def __init__(self, client: S3Client, part_bytes: int = SMALLEST_PART) -> None:
        self._client = client
        self._part_bytes = part_bytes

    def pour(self, place: Place, chunks: Iterator[bytes], metadata: Mapping[str, str]) -> Arrival:
        """See Uploads."""
        pieces = _pieces(chunks, self._part_bytes)
        first = next(pieces, b"")
        if len(first) < self._part_bytes:
            return self._whole(place, first, metadata)
        begun = self.begin(place, metadata)
        try:
            sent = [self._send(begun, number, piece) for number, piece in enumerate(chain([first], pieces), start=1)]
            return self.complete(begun, sent)
        except BaseException:
            # What cannot be taken back now, the bucket's lifecycle removes after a day.
            with suppress(CsvgateError):
                self.abort(begun)
            raise

    def begin(self, place: Place, metadata: Mapping[str, str]) -> Place:
        """See Uploads."""
        with _calling(place):
            answer = self._client.create_multipart_upload(
                **_named(place), ContentType=CONTENT_TYPE, Metadata=dict(metadata)
            )
        return Place(bucket=place.bucket, key=place.key, store_id=answer["UploadId"])

    def address(self, place: Place, number: int, size: int, seconds: int) -> str:
        """See Uploads."""
        wanted = {**_in_parts(place), "PartNumber": number, "ContentLength": size}
        with translated():
            return self._client.generate_presigned_url("upload_part", Params=wanted, ExpiresIn=seconds)

    def parts(self, place: Place) -> Sequence[Part]:
        """See Uploads."""
        pages = self._client.get_paginator("list_parts")
        with _calling(place):
            return [
                Part(number=part["PartNumber"], size=part["Size"], etag=part["ETag"])
                for page in pages.paginate(**_in_parts(place))
                for part in page.get("Parts", [])
            ]

    def complete(self, place: Place, parts: Sequence[Part]) -> Arrival:
        """See Uploads."""
        named: list[CompletedPartTypeDef] = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        with _calling(place):
            answer = self._client.complete_multipart_upload(**_in_parts(place), MultipartUpload={"Parts": named})
        return _arrival(place, answer.get("VersionId"), answer["ETag"], sum(part.size for part in parts))

    def made(self, place: Place, mark: str) -> Arrival | None:
        """See Uploads."""
        with translated():
            try:
                found = self._client.head_object(**_named(place))
            except ClientError as exc:
                if code_of(exc) in _NOT_THERE:
                    return None
                raise
        if found["Metadata"].get(MARK) != mark:
            return None
        return _arrival(place, found.get("VersionId"), found["ETag"], found["ContentLength"])

    def abort(self, place: Place) -> None:
        """See Uploads."""
        with translated():
            try:
                self._client.abort_multipart_upload(**_in_parts(place))
            except ClientError as exc:
                if code_of(exc) != "NoSuchUpload":
                    raise

    def _whole(self, place: Place, body: bytes, metadata: Mapping[str, str]) -> Arrival:
        with _calling(place):
            answer = self._client.put_object(
                **_named(place), Body=body, ContentType=CONTENT_TYPE, Metadata=dict(metadata)
            )
        return _arrival(place, answer.get("VersionId"), answer["ETag"], len(body))

    def _send(self, place: Place, number: int, piece: bytes) -> Part:
        with _calling(place):
            answer = self._client.upload_part(**_in_parts(place), PartNumber=number, Body=piece)
        return Part(number=number, size=len(piece), etag=answer["ETag"])


def _pieces(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes, cut to the size of a part; the last piece is what is left, if anything."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= size:
            with memoryview(held) as view:
                piece = bytes(view[:size])
            del held[:size]
            yield piece
    if held:
        yield bytes(held)


@contextmanager
def _calling(place: Place) -> Iterator[None]:
    """What S3 says of a bucket or an upload that is not there is said in our words."""
    with translated():
        try:
            yield
        except ClientError as exc:
            if code_of(exc) == "NoSuchBucket":
                raise NoSuchBucket(place.bucket) from exc
            if code_of(exc) in {"NoSuchUpload", "InvalidPart"}:
                message = "there is no such upload (any more)"
                raise PermanentError(message) from exc
            raise


def _arrival(place: Place, version_id: str | None, etag: str, size: int) -> Arrival:
    known = None if version_id in {None, "", "null"} else version_id
    return Arrival(bucket=place.bucket, key=place.key, version_id=known, etag=etag.strip('"'), size=size)


def _named(place: Place) -> _Named:
    return {"Bucket": place.bucket, "Key": place.key}


def _in_parts(place: Place) -> _InParts:
    return {"Bucket": place.bucket, "Key": place.key, "UploadId": place.store_id}
