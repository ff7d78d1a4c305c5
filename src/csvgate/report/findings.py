"""The findings of a receipt in; what is wrong, on which lines, and what the sender should do, as HTML out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from csvgate.core.codes import CODES
from csvgate.core.findings import FIRST_PLACES
from csvgate.report import words
from csvgate.report.markup import Markup, element, joined, value
from csvgate.report.words import Receipt

Finding = Mapping[str, Any]
Spot = Mapping[str, Any]
# The lines around a place, if they are known.
Around = Callable[[Spot], Markup | None]

GRAVITY = ("error", "warning", "info")
NAMES = {"info": "note"}
# Of one code so many findings are shown; together they have so many places at once, and each so many more that unfold.
FINDINGS_SHOWN = 20
PLACES_SHOWN, PLACES_FOLDED = 5, 20
MESSAGE_LENGTH, EXCERPT_LENGTH = 400, 200


def nothing(_: Spot) -> None:
    """Only what the receipt itself has is shown."""


def findings(receipt: Receipt, *, everything: bool = False, around: Around = nothing) -> Markup:
    """All findings, gravest first, those of one code together."""
    found: Sequence[Finding] = receipt.get("findings") or ()
    if not found:
        return element("p", "There is nothing to look at.", class_="none")
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in sorted(found, key=lambda one: GRAVITY.index(one["severity"])):
        groups.setdefault((one["severity"], one["code"]), []).append(one)
    return joined(*(of_one_code(group, everything=everything, around=around) for group in groups.values()))


def of_one_code(group: Sequence[Finding], *, everything: bool = False, around: Around = nothing) -> Markup:
    """What was found under one code: what it means, each finding with its places, and the advice."""
    code, severity = group[0]["code"], group[0]["severity"]
    title = element(
        "h3",
        element("span", NAMES.get(severity, severity), class_="severity"),
        value(code, MESSAGE_LENGTH, class_="code"),
        element("span", words.times(sum(one["count"] for one in group)), class_="times"),
    )
    shown = group if everything else group[:FINDINGS_SHOWN]
    at_once = FIRST_PLACES if everything else max(PLACES_SHOWN // len(group), 1)
    most = FIRST_PLACES if everything else at_once + PLACES_FOLDED
    parts = [_finding(one, at_once, most, around) for one in shown]
    left_out = _more(len(group) - len(shown), "finding")
    return element("article", title, _meaning(code), parts, left_out, _advice(code), class_=severity)


def places(spots: Sequence[Spot], around: Around = nothing) -> Markup | None:
    """Where it is, one place a line, and what stands there."""
    return element("ol", [_place(spot, around) for spot in spots], class_="places") if spots else None


def _finding(found: Finding, at_once: int, most: int, around: Around) -> Markup:
    shown = (found.get("first") or ())[:most]
    return element(
        "div",
        [element("p", value(said, MESSAGE_LENGTH), class_="message") for said in words.sentences(found["message"])],
        places(shown[:at_once], around),
        _folded(shown[at_once:]),
        _more(found["count"] - len(shown), "place") if shown else None,
    )


def _folded(spots: Sequence[Spot]) -> Markup | None:
    if not spots:
        return None
    return element("details", element("summary", words.count(len(spots), "more place")), places(spots))


def _place(spot: Spot, around: Around) -> Markup:
    excerpt = spot.get("excerpt")
    code = None if excerpt is None else element("code", value(excerpt, EXCERPT_LENGTH))
    return element("li", element("span", words.place(spot)), " ", around(spot) or code)


def _more(number: int, noun: str) -> Markup | None:
    return element("p", f"and {words.count(number, f'more {noun}')}", class_="more") if number > 0 else None


def _meaning(code: str) -> Markup | None:
    return element("p", CODES[code].meaning, class_="meaning") if code in CODES else None


def _advice(code: str) -> Markup | None:
    if code not in CODES:
        return None
    return element("p", element("strong", "What the sender should do"), " ", CODES[code].advice, class_="advice")
