"""Counts in; small drawings in SVG out, each with a title and a description for those who do not see it.

Sizes are attributes, not styles: a page may forbid inline styles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from csvgate.report import words
from csvgate.report.markup import Markup, element

Parts = Sequence[tuple[str, int]]

WIDTH, HEIGHT = 200, 40
GAP = 2
LEAST_BARS = 2
# A part that is there is seen, however small it is.
LEAST_SHARE = 0.005
BAR_WIDTH, BAR_HEIGHT = 100, 6


def histogram(column: Mapping[str, Any]) -> Markup | None:
    """The distribution of a column's values, as bars; None where there would be one bar or none."""
    counts: Sequence[int] = column.get("histogram", {}).get("counts") or ()
    if len(counts) < LEAST_BARS:
        return None
    return element(
        "svg",
        element("title", f"How the values of {column['name']} are distributed"),
        element("desc", distribution(column)),
        element("path", d="".join(_bars(counts))),
        class_="histogram",
        role="img",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        preserveAspectRatio="none",
    )


def distribution(column: Mapping[str, Any]) -> str:
    """What the bars show, in words: how many there are, from where to where, and where most values are."""
    edges, counts = column["histogram"]["edges"], column["histogram"]["counts"]
    tallest = counts.index(max(counts))
    most = f"most values, {counts[tallest]:,}, from {edges[tallest]} to {edges[tallest + 1]}"
    about = (column.get("approximate") or {}).get("histogram")
    return f"{words.count(len(counts), 'bar')} from {edges[0]} to {edges[-1]}; {most}{f'; {about}' if about else ''}."


def _bars(counts: Sequence[int]) -> list[str]:
    """Each bar as a path; the smallest that holds a value is still seen."""
    step, most = WIDTH / len(counts), max(counts) or 1
    tops = [round(max(number * HEIGHT / most, 1), 1) if number else 0 for number in counts]
    width = round(step - GAP, 1)
    return [
        f"M{step * place + GAP / 2:g} {HEIGHT}v-{top:g}h{width:g}v{top:g}z" for place, top in enumerate(tops) if top
    ]


def share_bar(part: int, whole: int) -> Markup:
    """How much of the whole a part is; the figure beside it says the same, so nobody is read this one."""
    width = round(part * BAR_WIDTH / whole, 1) if whole else 0
    box = f"0 0 {BAR_WIDTH} {BAR_HEIGHT}"
    bar = element("rect", width=f"{width:g}", height=BAR_HEIGHT)
    return element("svg", bar, class_="share", aria_hidden="true", viewBox=box, preserveAspectRatio="none")


def stack(parts: Parts, title: str, description: str) -> Markup:
    """The parts of a whole, one beside the other; each has its name as class."""
    total = sum(size for _, size in parts) or 1
    shares = [max(size / total, LEAST_SHARE) for _, size in parts]
    drawn, start = [], 0.0
    for (name, _), share in zip(parts, shares, strict=True):
        width = 100 * share / sum(shares)
        drawn.append(element("rect", class_=name, x=f"{start:.2f}%", width=f"{width:.2f}%", height="100%"))
        start += width
    about = element("title", title), element("desc", description)
    return element("svg", about, drawn, class_="stack", role="img", width="100%", height=20)
