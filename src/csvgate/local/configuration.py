"""A feeds file on this machine in; the same file and its contracts in the results bucket out, where functions read it.

What is stored never changes: other content has another name, so that functions which run already are started anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from csvgate.core.contracts.feed import Feeds
from csvgate.errors import UsageError
from csvgate.feeds import load_feeds

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

DIGITS = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """The feeds, and the files that say so: the feeds file called `name`, and contracts as it calls them."""

    name: str
    files: Mapping[str, bytes]
    feeds: Feeds

    @property
    def folder(self) -> str:
        """Where the files belong; the pipeline's functions may read below `config/`."""
        digest = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return f"config/{digest.hexdigest()[:DIGITS]}"

    def uri(self, bucket: str) -> str:
        """The address of the feeds file in that bucket."""
        return f"s3://{bucket}/{self.folder}/{self.name}"


def gather(file: Path) -> Configuration:
    """All that the feeds file says, in itself or by name; UsageError if it is not there, or says what is wrong."""
    try:
        files = {file.name: file.read_bytes()}
    except OSError as exc:
        problem = f"the feeds {str(file)!r} cannot be read: {exc.strerror or exc}"
        raise UsageError(problem) from exc

    def read(name: str) -> bytes:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            problem = "a contract has to be beside the feeds file, or in a folder there"
            raise UsageError(problem)
        files[name] = (file.parent / name).read_bytes()
        return files[name]

    return Configuration(name=file.name, feeds=load_feeds(files[file.name], str(file), read), files=files)


def keep(s3: S3Client, bucket: str, configuration: Configuration) -> None:
    """The files are in the bucket, which is made if it is not there."""
    if bucket not in {found["Name"] for found in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket)
    for name, content in configuration.files.items():
        s3.put_object(Bucket=bucket, Key=f"{configuration.folder}/{name}", Body=content)
