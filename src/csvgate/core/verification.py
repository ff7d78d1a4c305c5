"""A receipt and a fresh inspection of the file in; what both say of it, and where they agree, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What anybody can count again, from the plainest to the finest; `bytes` part by part.
FACTS = ("file_size_bytes", "sha256", "compression", "row_count", "column_count", "column_names")


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One fact: what the receipt `expected` and what was `found` in the file."""

    name: str
    expected: Any
    found: Any

    @property
    def agrees(self) -> bool:
        """Both say the same; 1 is not true, as it would be to Python."""
        return type(self.expected) is type(self.found) and bool(self.expected == self.found)

    def to_json(self) -> dict[str, Any]:
        """The fact, both sides of it, and whether they are one."""
        return {"name": self.name, "expected": self.expected, "found": self.found, "agrees": self.agrees}


def verify(receipt: Mapping[str, Any], inspection: Mapping[str, Any]) -> Sequence[Check]:
    """Every fact that the receipt states and the inspection can prove; none where it is no receipt."""
    return tuple(_checks(receipt, inspection))


def _checks(receipt: Mapping[str, Any], inspection: Mapping[str, Any]) -> Iterator[Check]:
    for name in FACTS:
        if name in receipt:
            yield Check(name=name, expected=receipt[name], found=inspection[name])
    ledger = receipt.get("bytes")
    if isinstance(ledger, Mapping):
        for name, found in inspection["bytes"].items():
            if name in ledger:
                yield Check(name=f"bytes.{name}", expected=ledger[name], found=found)
