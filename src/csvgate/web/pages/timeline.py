"""A delivery in; what happened to it so far, step by step, and what happened to its key before, out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from csvgate.delivery import Delivery
from csvgate.ports.catalog import CatalogView
from csvgate.report import words
from csvgate.report.markup import Child, Markup, element, value
from csvgate.report.summary import tone
from csvgate.report.words import Receipt
from csvgate.web.pages.rows import mark, when

HISTORY = 20
LENGTH = 200
IN_THE_CATALOG = "in the catalog, once"
WAITS = {
    "received": "Waits to be read",
    "inspecting": "Is being read",
    "inspected": "Is about to be recorded",
    "loading": "Rows are being loaded",
}


def timeline(delivery: Delivery, known: Receipt) -> Markup:
    """The steps as far as they are known."""
    steps = [
        element("li", element("strong", title), element("span", *told), class_=class_)
        for title, told, class_ in _steps(delivery, known)
    ]
    title = element("h2", "What happened", id="timeline-title")
    return element(
        "section", title, element("ol", steps, class_="timeline"), id="timeline", aria_labelledby="timeline-title"
    )


def _steps(delivery: Delivery, known: Receipt) -> Iterator[tuple[str, tuple[Child, ...], str]]:
    size = words.size(delivery.file_size_bytes)
    yield "Uploaded", (when(delivery), f" · {size}"), "done"
    if known.get("reads"):
        yield "Read to the end", (_reading(known),), "done"
    if delivery.verdict:
        yield "Judged", (delivery.verdict, _feed(delivery)), tone({"verdict": delivery.verdict})
    if delivery.sink and delivery.rows_loaded is not None:
        yield "Loaded", (words.loaded(known["load"]),), "done"
    if delivery.state in WAITS:
        yield WAITS[delivery.state], ("This page shows more as soon as there is more.",), "busy"
    elif delivery.state not in {"loaded", "rejected"}:
        yield (
            _last(delivery),
            (value(delivery.reason or IN_THE_CATALOG, LENGTH),),
            "done" if delivery.is_final else "rejected",
        )


def _reading(known: Receipt) -> str:
    """How often, and that no byte is unaccounted for."""
    ledger = known.get("bytes") or {}
    complete = "every byte accounted for" if ledger.get("complete") else "reading stopped before its end"
    times = "once" if known["reads"] == 1 else f"{known['reads']} times"
    return f"{times}, {complete}"


def _feed(delivery: Delivery) -> Child:
    return (" · in the feed ", value(delivery.feed, LENGTH)) if delivery.feed else None


def _last(delivery: Delivery) -> str:
    if delivery.state == "failed":
        return f"Failed, after {words.count(delivery.attempts, 'attempt')}"
    return {"recorded": "Recorded", "undone": "Rows taken back"}.get(delivery.state, delivery.state.capitalize())


def history(delivery: Delivery, view: CatalogView) -> Markup | None:
    """The other deliveries of the key, newest first; None if there are none."""
    arrival = delivery.arrival
    others = list(islice(view.history(arrival.bucket, arrival.key), HISTORY))
    if len(others) <= 1:
        return None
    rows = [_past(each, is_this=each.delivery_id == delivery.delivery_id) for each in others]
    title = element("h2", "Earlier and later files of this name", id="history-title")
    listed = element(
        "table", element("caption", "All deliveries of this key, newest first"), element("tbody", rows), class_="list"
    )
    return element("section", title, listed, id="history", aria_labelledby="history-title")


def _past(each: Delivery, *, is_this: bool) -> Markup:
    shape = "" if each.row_count is None else words.count(each.row_count, "row")
    here = element("span", "this one", class_="feed") if is_this else None
    link = element("a", when(each), href=f"/deliveries/{each.delivery_id}", aria_current="true" if is_this else None)
    cells = [element("td", mark(each), class_="verdict"), element("th", link, here, scope="row")]
    numbers = element("td", shape, class_="number"), element("td", words.size(each.file_size_bytes), class_="number")
    return element("tr", cells, numbers, class_=tone({"state": each.state, "verdict": each.verdict}))
