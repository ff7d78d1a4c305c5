"""A judgement in; the page that the sender of a file reads on a terminal out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from csvgate.cli.page import MARKS, advice, fact_table, finding, indented, shown
from csvgate.core.codes import CODES
from csvgate.core.contracts.breaches import Breach
from csvgate.core.contracts.judging import Judgement


def check_page(
    judgement: Judgement, sentence: str, facts: Sequence[tuple[str, object]], *, everything: bool = False
) -> RenderableType:
    """The verdict, the counts, and each rule that was broken: how often, where first, and what to do."""
    symbol, colour = MARKS[judgement.verdict]
    text = Text.assemble((f"{symbol} ", f"bold {colour}"), shown(sentence))
    parts: list[RenderableType] = [Panel(text, box=ROUNDED, border_style=colour, padding=(0, 1))]
    parts.append(indented(fact_table(facts)))
    codes = dict.fromkeys(breach.code for breach in judgement.breaches)
    for code in codes:
        found = [breach for breach in judgement.breaches if breach.code == code]
        parts.append(indented(_section(code, found, everything=everything)))
    return Group(*parts)


def _section(code: str, breaches: Sequence[Breach], *, everything: bool) -> RenderableType:
    """All breaches of one code, and once what the sender should do."""
    shown_ones = [finding(_as_finding(breach), everything=everything, with_advice=False) for breach in breaches]
    return Group(*shown_ones, advice(CODES[code].advice, "red"))


def _as_finding(breach: Breach) -> Mapping[str, Any]:
    about = f"column “{breach.field}”: " if breach.field and breach.rule != "fieldsMatch" else ""
    return {**breach.to_json(), "severity": "error", "message": f"{about}{breach.message}"}
