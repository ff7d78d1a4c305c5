"""inspect(source) -> Inspection: the core's only composition of decoding, dialect, structure and profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from csvgate.core.dialect import Dialect
from csvgate.core.findings import Finding, Verdict
from csvgate.core.profile import ColumnProfile

# Opens the stored bytes from the start; called once in the ordinary case, again where a reread is needed.
Source = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ByteLedger:
    """Every byte of the decompressed stream, classed: the parts add up to `total`."""

    total: int = 0
    bom: int = 0
    preamble: int = 0
    comments: int = 0
    header: int = 0
    records: int = 0
    blank: int = 0
    footer: int = 0
    rejected: int = 0
    complete: bool = True

    def to_json(self) -> dict[str, Any]:
        """The ledger as the receipt shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What one file is, from its bytes alone: no clock, no cloud, the same for the same bytes."""

    file_size_bytes: int
    sha256: str
    compression: str | None
    row_count: int
    column_count: int
    column_names: tuple[str, ...]
    verdict: Verdict
    reads: int
    dialect: Dialect
    confidence: float
    columns: tuple[ColumnProfile, ...]
    findings: tuple[Finding, ...]
    bytes: ByteLedger

    def to_json(self) -> dict[str, Any]:
        """The part of the receipt that needs no cloud, in the order of the receipt."""
        return {
            "file_size_bytes": self.file_size_bytes,
            "sha256": self.sha256,
            "compression": self.compression,
            "row_count": self.row_count,
            "column_count": self.column_count,
            "column_names": list(self.column_names),
            "verdict": self.verdict,
            "reads": self.reads,
            "dialect": {**self.dialect.to_json(), "confidence": self.confidence},
            "columns": [column.to_json() for column in self.columns],
            "findings": [finding.to_json() for finding in self.findings],
            "bytes": self.bytes.to_json(),
        }


def inspect(source: Source) -> Inspection:
    """The inspection of all bytes of the source; any bytes give one, in bounded memory."""
    raise NotImplementedError
