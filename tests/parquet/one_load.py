"""python -m tests.parquet.one_load ROWS CELLS LENGTH: that many rows go to files; the memory it took, in MB, out.

The store keeps what it is given on disk, as S3 keeps it elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from csvgate.memory import MemoryObjectStore
from csvgate.parquet.sink import ParquetSink
from csvgate.parquet.writing import parts
from tests.ports.contents import target, version


@dataclass(frozen=True, kw_only=True, slots=True)
class Many:
    """A Content of rows that are made as they are asked for, no two of them the same."""

    row_count: int
    cells: int
    length: int
    rows_quarantined: int = 0

    def rows(self) -> Iterator[tuple[int, list[str | None]]]:
        for number in range(1, self.row_count + 1):
            start = f"{number:012}"
            yield number, [(start * (self.length // 12 + 1))[: self.length] for _ in range(self.cells)]

    def raw(self) -> None:
        return None


class DiskStore(MemoryObjectStore):
    """Files of rows lie in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def write(self, bucket: str, key: str, body: bytes, content_type: str) -> str:
        if not key.startswith("data/"):
            return super().write(bucket, key, body, content_type)
        self._file(key).write_bytes(body)
        return f"s3://{bucket}/{key}"

    def read(self, uri: str, *, last: int | None = None) -> bytes | None:
        if "/data/" not in uri:
            return super().read(uri, last=last)
        with self._file(uri).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - (last or 0)))
            return file.read()

    def _file(self, name: str) -> Path:
        return self._folder / name.rpartition("/")[2]


def main(rows: int, cells: int, length: int) -> None:
    """The load, and what it took."""
    content = Many(row_count=rows, cells=cells, length=length)
    with TemporaryDirectory() as folder:
        into = target(*(f"c{number}" for number in range(cells)))
        load = ParquetSink(DiskStore(Path(folder)), "results", parts).load(version(1), into, content)
    assert load.rows_loaded == rows
    (peak,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"{int(peak.split()[1]) // 1024}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
