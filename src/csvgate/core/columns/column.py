"""What is told of one column: its profile, the marks met on the way and the remarks at the end, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

ColumnType = Literal["integer", "number", "boolean", "date", "time", "datetime", "string", "any"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Histogram:
    """`counts[i]` values lie in [edges[i], edges[i+1]); the last interval is closed."""

    edges: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnProfile:
    """All that is known of one column.

    Figures of values (`min`, `quantiles`, `edges`) are text in the column's own spelling or in plain
    decimal notation, so that no JSON reader rounds them.
    """

    name: str
    type: ColumnType
    format: str | None = None
    pattern: str | None = None
    null_count: int = 0
    distinct_count: int = 0
    distinct_is_exact: bool = True
    min: str | None = None
    max: str | None = None
    mean: float | None = None
    stddev: float | None = None
    quantiles: tuple[tuple[str, str], ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    top_values: tuple[tuple[str, int], ...] = ()
    histogram: Histogram = Histogram()
    approximate: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The column as the receipt shows it; `approximate` names inexact figures with their stated error."""
        return {
            "name": self.name,
            "type": self.type,
            "format": self.format,
            "pattern": self.pattern,
            "null_count": self.null_count,
            "distinct_count": self.distinct_count,
            "distinct_is_exact": self.distinct_is_exact,
            "min": self.min,
            "max": self.max,
            "mean": self.mean,
            "stddev": self.stddev,
            "quantiles": dict(self.quantiles),
            "min_length": self.min_length,
            "max_length": self.max_length,
            "top_values": [list(pair) for pair in self.top_values],
            "histogram": {"edges": list(self.histogram.edges), "counts": list(self.histogram.counts)},
            "approximate": dict(self.approximate),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """The value at `index` of the batch is the first of its shape in the column; a finding may come of it."""

    shape: str
    index: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """At the end of the file a finding `code` holds for the column: `count` values, the first an `example`.

    `shape` is that of the example: its mark said where it stands. `only_late`: it holds if that is near the end.
    `kind`: what the other values are.
    """

    code: str
    count: int
    example: str
    shape: str
    only_late: bool = False
    kind: ColumnType = "string"
