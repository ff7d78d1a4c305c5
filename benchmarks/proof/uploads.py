"""A size and a seed in; files of several versions of several keys, and the events that tell of them, mixed, out."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

HEADER = ("order_id", "customer", "ordered_on", "quantity", "amount", "note")
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
MOST_REPEATS = 3
# Cells that break what reads CSV carelessly; an empty one is no value.
NOTES = ("", "plain", 'a "quoted" one', "two\nlines", "comma, and ;", "größe ✓", "\\.", "=1+1", "'; DROP TABLE x")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is uploaded; every row of it is different from all others."""

    keys: int
    versions: int
    rows: int
    seed: int

    @property
    def files(self) -> int:
        """How many versions there are in all."""
        return self.keys * self.versions


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A version of a key, and the file that it is; the order of sequencers is that of the uploads."""

    file: str
    key: str
    version_id: str
    sequencer: str
    time: str

    def event(self, bucket: str) -> str:
        """What S3 tells of it."""
        what = {"key": quote_plus(self.key), "versionId": self.version_id, "sequencer": self.sequencer}
        record = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": self.time}
        return json.dumps({"Records": [{**record, "s3": {"bucket": {"name": bucket}, "object": what}}]})


def upload(folder: Path, size: Size, s3: S3Client, bucket: str) -> list[Upload]:
    """All versions of all keys are in the bucket, one after the other, and what they are is in `uploads.json`."""
    (folder / "files").mkdir()
    draw, done = random.Random(size.seed), list[Upload]()  # noqa: S311  data, no secret
    for number in range(size.files):
        file = folder / "files" / f"{number:04}.csv"
        _write(file, f"{number:04}", size.rows, draw)
        key = f"in/orders {number % size.keys:02}.csv"
        version = s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes())["VersionId"]
        time = f"{MORNING + timedelta(seconds=number):%Y-%m-%dT%H:%M:%S.000Z}"
        done.append(Upload(file=file.name, key=key, version_id=version, sequencer=f"{number + 1:016X}", time=time))
    (folder / "uploads.json").write_text(json.dumps([asdict(one) for one in done]))
    return done


def deliveries(uploads: list[Upload], seed: int) -> list[Upload]:
    """As a queue may bring them: each once at least, some two or three times, in any order."""
    draw = random.Random(seed)  # noqa: S311
    told = [one for one in uploads for _ in range(draw.randint(1, MOST_REPEATS))]
    draw.shuffle(told)
    return told


def _write(path: Path, name: str, rows: int, draw: random.Random) -> None:
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(_rows(name, rows, draw))


def _rows(name: str, rows: int, draw: random.Random) -> Iterator[tuple[Any, ...]]:
    for number in range(rows):
        day = f"2026-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        bought = (day, draw.randint(1, 99), f"{draw.randint(1, 90000) / 100:.2f}")
        yield (f"{name}-{number:06}", f"customer {draw.randrange(500)}", *bought, draw.choice(NOTES))
