"""Titles and rows in; the lines of a Markdown table out."""

from __future__ import annotations

from collections.abc import Iterable


def table(titles: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """The lines of a Markdown table."""
    heads = list(titles)
    return [f"| {' | '.join(map(str, row))} |" for row in [heads, ["---"] * len(heads), *rows]]
