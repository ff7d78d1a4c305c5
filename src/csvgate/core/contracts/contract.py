"""A Contract: what was promised of a table, and what happens where the promise is broken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from csvgate.core.contracts.schema import Schema

OnViolation = Literal["quarantine", "reject", "warn"]
ON_VIOLATION: tuple[OnViolation, ...] = get_args(OnViolation)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many rows may be put aside before the whole file is rejected: their number, their share; None: any."""

    max_bad_rows: int | None = None
    max_bad_rate: float | None = None

    def excess(self, bad: int, rows: int) -> str | None:
        """In what words so many bad rows among all are too many, if they are."""
        told = f"{bad:,} of {rows:,} rows break the contract"
        if self.max_bad_rows is not None and bad > self.max_bad_rows:
            return f"{told}; at most {self.max_bad_rows:,} may be put aside"
        if self.max_bad_rate is not None and bad > Decimal(str(self.max_bad_rate)) * rows:
            return f"{told}; at most {self.max_bad_rate:.2%} may be put aside"
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """`quarantine` puts bad rows aside within the limits, `reject` the file for any, `warn` only tells."""

    schema: Schema
    on_violation: OnViolation = "quarantine"
    limits: Limits = Limits()
