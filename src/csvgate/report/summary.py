"""A receipt in; what its page says of the file as a whole out: verdict, figures, facts, byte ledger, proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from csvgate.report import words
from csvgate.report.charts import stack
from csvgate.report.facts import facts
from csvgate.report.markup import Markup, element, value
from csvgate.report.words import Receipt

Tone = Literal["ok", "warning", "rejected", "other"]

NAME_LENGTH, FACT_LENGTH = 120, 400
SIGNS: dict[Tone, str] = {"ok": "✓", "warning": "!", "rejected": "✗", "other": "•"}
PARTS = {
    "bom": "byte order mark",
    "preamble": "lines before the header",
    "comments": "comment lines",
    "header": "header",
    "records": "records",
    "blank": "blank lines",
    "footer": "lines after the records",
    "rejected": "not read as CSV",
}
# What the page shows in another way.
SHOWN_ELSEWHERE = {"size", "sha256", "every byte"}


def tone(receipt: Receipt) -> Tone:
    """The colour in which the page of this receipt speaks."""
    state, verdict = receipt.get("state"), receipt.get("verdict")
    if state == "failed" or (verdict == "rejected" and state != "deleted"):
        return "rejected"
    return verdict if verdict in ("ok", "warning") and state not in {"deleted", "undone"} else "other"


def verdict(receipt: Receipt) -> Markup:
    """What to know before anything else, as the title of the page."""
    sign = element("span", SIGNS[tone(receipt)], class_="mark", aria_hidden="true")
    name = value(words.name_of(receipt), NAME_LENGTH, class_="name")
    return element("h1", sign, element("span", name, " ", words.sentence(receipt)))


def figures(receipt: Receipt) -> Markup:
    """The few numbers that a person asks for first."""
    known = [("size", words.size(receipt.get("file_size_bytes") or 0))]
    if receipt.get("columns"):
        known = [("rows", f"{receipt['row_count']:,}"), ("columns", f"{receipt['column_count']:,}"), *known]
    if receipt.get("verdict"):
        known.append(("to look at", f"{words.to_look_at(receipt):,}"))
    return _list(known, "figures")


def fact_list(receipt: Receipt) -> Markup | None:
    """What else is known of the file as a whole."""
    known = [(name, value(fact, FACT_LENGTH)) for name, fact in facts(receipt) if name not in SHOWN_ELSEWHERE]
    if receipt.get("compression"):
        known.append(("compressed with", value(receipt["compression"], FACT_LENGTH)))
    return _list(known, "facts") if known else None


def ledger(receipt: Receipt) -> Markup | None:
    """Where every byte went: a bar, and the table that says the same."""
    sizes = receipt.get("bytes")
    if not sizes:
        return None
    parts = [(name, sizes[name]) for name in words.LEDGER if sizes.get(name)]
    rows = [_part(name, size, sizes["total"]) for name, size in parts]
    total = element("tr", element("th", "total", scope="row"), element("td", f"{sizes['total']:,}"), element("td"))
    stopped = None if sizes.get("complete", True) else element("p", "Reading stopped here: the file goes on.")
    return element(
        "div",
        stack(parts, "Where every byte went", words.ledger(sizes)),
        element("table", _head("part", "bytes", "share"), element("tbody", rows), element("tfoot", total)),
        stopped,
        class_="ledger",
    )


def proof(receipt: Receipt) -> Markup:
    """How anybody can see for themselves that this is their file, and that the figures are true."""
    return element(
        "footer",
        _same_file(str(receipt["sha256"])) if receipt.get("sha256") else None,
        element(
            "p",
            element("code", "csvgate verify RECEIPT FILE"),
            " counts the file again and compares every figure. RECEIPT is what ",
            element("code", f"csvgate {'show' if receipt.get('key') else 'inspect'} --json"),
            " printed.",
        ),
    )


def _same_file(digest: str) -> Markup:
    shown = element("code", value(digest, FACT_LENGTH), class_="hash")
    commands = element("code", "sha256sum FILE"), ", or on Windows ", element("code", "certutil -hashfile FILE SHA256")
    return element("p", "This is your file if ", commands, ", prints ", shown, ".")


def _part(name: str, size: int, total: int) -> Markup:
    title = element("th", element("span", class_=f"swatch {name}"), PARTS[name], scope="row")
    return element("tr", title, element("td", f"{size:,}"), element("td", words.share(size, total)))


def _head(*titles: str) -> Markup:
    return element("thead", element("tr", [element("th", title, scope="col") for title in titles]))


def _list(known: Iterable[tuple[str, str]], class_: str) -> Markup:
    return element(
        "dl", [element("div", element("dt", name), element("dd", fact)) for name, fact in known], class_=class_
    )
