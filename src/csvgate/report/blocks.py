"""The histogram of a column in; the same as a few block characters, for a terminal, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

BLOCKS = "▁▂▃▄▅▆▇█"
LEAST_BARS = 2


def bars(column: Mapping[str, Any], width: int) -> str:
    """The distribution of the values in at most so many characters; nothing where there would be one bar or none.

    A blank stands where there is no value; what is there is seen, however small it is.
    """
    counts: Sequence[int] = (column.get("histogram") or {}).get("counts") or ()
    if len(counts) < LEAST_BARS:
        return ""
    drawn = squeezed(counts, width)
    most = max(*drawn, 1)
    return "".join(BLOCKS[-(-count * len(BLOCKS) // most) - 1] if count else " " for count in drawn)


def squeezed(counts: Sequence[int], width: int) -> Sequence[int]:
    """The counts over at most so many intervals, in proportion; what lies across two is shared between them."""
    if len(counts) <= width:
        return counts
    shares = [count for count in counts for _ in range(width)]
    return [sum(shares[start : start + len(counts)]) for start in range(0, len(shares), len(counts))]
