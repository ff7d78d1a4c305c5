"""A file in, a new version of an object out: in one piece, or in parts where it is large.

boto3's own upload does not say which version it made, and without that the delivery cannot be followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from csvgate.aws.errors import code_of, translated
from csvgate.delivery import Arrival
from csvgate.errors import NoSuchBucket

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

CONTENT_TYPE = "text/csv"
PART_SIZE = 16 << 20
MAX_PARTS = 10_000

Advance = Callable[[int], None]


class S3Upload:
    """Puts files into buckets."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def put(self, path: Path, bucket: str, key: str, advance: Advance) -> Arrival:
        """The file is the newest version of the object, and the answer says which; `advance` gets the bytes sent."""
        size = path.stat().st_size
        with translated(), path.open("rb") as file:
            try:
                answer = (self._whole if size <= PART_SIZE else self._in_parts)(file, bucket, key, size, advance)
            except ClientError as exc:
                if code_of(exc) == "NoSuchBucket":
                    raise NoSuchBucket(bucket) from exc
                raise
        version_id = answer.get("VersionId")
        version_id = None if version_id in {None, "", "null"} else version_id
        return Arrival(bucket=bucket, key=key, version_id=version_id, etag=answer["ETag"].strip('"'), size=size)

    def _whole(self, file: IO[bytes], bucket: str, key: str, size: int, advance: Advance) -> Mapping[str, Any]:
        answer = self._client.put_object(Bucket=bucket, Key=key, Body=file.read(), ContentType=CONTENT_TYPE)
        advance(size)
        return answer

    def _in_parts(self, file: IO[bytes], bucket: str, key: str, size: int, advance: Advance) -> Mapping[str, Any]:
        place: dict[str, Any] = {"Bucket": bucket, "Key": key}
        upload_id = self._client.create_multipart_upload(**place, ContentType=CONTENT_TYPE)["UploadId"]
        try:
            parts = list(self._parts(file, {**place, "UploadId": upload_id}, part_size(size), advance))
            return self._client.complete_multipart_upload(**place, UploadId=upload_id, MultipartUpload={"Parts": parts})
        except BaseException:
            self._client.abort_multipart_upload(**place, UploadId=upload_id)
            raise

    def _parts(
        self, file: IO[bytes], upload: dict[str, Any], length: int, advance: Advance
    ) -> Iterator[CompletedPartTypeDef]:
        number = 0
        while piece := file.read(length):
            number += 1
            answer = self._client.upload_part(**upload, PartNumber=number, Body=piece)
            advance(len(piece))
            yield {"PartNumber": number, "ETag": answer["ETag"]}


def part_size(size: int) -> int:
    """The length of all parts but the last: the usual one, unless that gave more parts than S3 takes."""
    return max(PART_SIZE, -(-size // MAX_PARTS))
