"""What the proof uploads, and what it tells of that."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from benchmarks.proof import count
from benchmarks.proof.uploads import Size, deliveries, upload
from csvgate.aws.client import client
from csvgate.aws.events import decode_text
from csvgate.delivery import Arrival
from csvgate.local.emulator import Emulator
from tests.aws.provision import make_bucket, where

SIZE = Size(keys=2, versions=3, rows=4, seed=1)


def test_each_version_has_rows_of_its_own_and_is_told_of_at_least_once(tmp_path: Path, emulator: Emulator) -> None:
    s3 = client("s3", **where(emulator.endpoint_url))
    uploads = upload(tmp_path, SIZE, s3, make_bucket(s3))
    rows = Counter(row for file in (tmp_path / "files").iterdir() for row in count.rows_of(file))
    assert (len(rows), rows.total()) == (SIZE.files * SIZE.rows, SIZE.files * SIZE.rows)
    assert set(deliveries(uploads, seed=1)) == set(uploads)
    assert len(json.loads((tmp_path / "uploads.json").read_text())) == SIZE.files


def test_csvgate_reads_its_events_as_those_of_s3(tmp_path: Path, emulator: Emulator) -> None:
    s3 = client("s3", **where(emulator.endpoint_url))
    first = upload(tmp_path, SIZE, s3, make_bucket(s3))[0]
    [arrival] = decode_text(first.event("inbound"))
    assert isinstance(arrival, Arrival)
    assert (arrival.bucket, arrival.key, arrival.version_id) == ("inbound", first.key, first.version_id)
