"""A receipt in; one page of HTML out, which needs nothing but itself: no script, no font, nothing from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from csvgate.report import words
from csvgate.report.columns import columns
from csvgate.report.findings import Around, findings, nothing
from csvgate.report.markup import Markup, element, joined
from csvgate.report.summary import fact_list, figures, ledger, proof, tone, verdict
from csvgate.report.words import Receipt


def receipt_page(receipt: Receipt, *, everything: bool = False) -> str:
    """The document; wide files and long lists are cut with a note, unless everything is asked for."""
    title = f"{words.name_of(receipt)} {words.sentence(receipt)}"
    body = element(
        "body",
        head(receipt),
        element("main", sections(receipt, everything=everything)),
        proof(receipt),
        class_=f"receipt {tone(receipt)}",
    )
    return f'<!doctype html>\n<html lang="en">{_head(title)}\n{body}</html>\n'


def head(receipt: Receipt) -> Markup:
    """The verdict, and what is known of the file as a whole."""
    eyebrow = element("p", "csvgate receipt", class_="eyebrow")
    return element("header", eyebrow, verdict(receipt), figures(receipt), fact_list(receipt))


def sections(receipt: Receipt, *, everything: bool = False, around: Around = nothing) -> Markup:
    """All that stands below the verdict: findings, columns, and where every byte went.

    `around` shows the lines around a place, where somebody has the file.
    """
    found = findings(receipt, everything=everything, around=around) if receipt.get("verdict") else None
    return joined(
        _section("findings", "Findings", found),
        _section("columns", "Columns", columns(receipt, everything=everything)) if receipt.get("columns") else None,
        _section("bytes", "Every byte", ledger(receipt)),
    )


@cache
def style() -> str:
    """The style sheet of the page and of its parts."""
    return files("csvgate.report").joinpath("receipt.css").read_text(encoding="utf-8")


def _section(name: str, title: str, part: Markup | None) -> Markup | None:
    if part is None:
        return None
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, part, id=name, aria_labelledby=f"{name}-title")


def _head(title: str) -> Markup:
    sheet = style()
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    # Should markup of a file ever come through, it still loads nothing and runs nothing.
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Markup(sheet)),
    )
