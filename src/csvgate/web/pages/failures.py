"""What failed and why, as a person looks at it and puts it back."""

from __future__ import annotations

from collections.abc import Sequence

from csvgate.delivery import Delivery
from csvgate.report import words
from csvgate.report.markup import Markup, element, value
from csvgate.web.listing import PAGING
from csvgate.web.listing import page as found
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.frame import page
from csvgate.web.pages.rows import when

LENGTH, REASON_LENGTH = 200, 400
MEANING = "The reason says what to mend. What is put back is tried again from the beginning; nothing is done twice."


def failures(asked: Asked) -> Reply:
    """The deliveries that failed, each with its reason."""
    mine, cursor = found(asked, "failed")
    title = element("h1", "Failures")
    outcome = element("p", id="outcome", class_="outcome")
    if not mine and not cursor:
        return page(asked, "Failures", title, _none(), outcome)
    everything = element("button", "Put all back", type="button", data_redrive="all", hidden=True)
    headline = element("div", title, everything, class_="headline")
    lead = element("p", MEANING, class_="lead")
    return page(asked, "Failures", headline, lead, outcome, _table(mine), _older(cursor), module="failures.js")


def _older(cursor: str | None) -> Markup | None:
    link = cursor and element("a", "Older failures", href=f"/failures?cursor={cursor}", rel="next", class_="button")
    return element("nav", link, class_="pages", aria_label="More failures") if link else None


def _table(failed: Sequence[Delivery]) -> Markup:
    titles = ("File", "Reason", "Tried", "Uploaded", "")
    heads = [element("th", title, scope="col") if title else element("td") for title in titles]
    rows = element("tbody", [_row(each) for each in failed])
    caption = element("caption", "Deliveries that failed, newest first")
    return element("table", caption, element("thead", element("tr", heads)), rows, class_="list failures")


def _row(delivery: Delivery) -> Markup:
    link = element("a", value(delivery.arrival.key, LENGTH, class_="name"), href=f"/deliveries/{delivery.delivery_id}")
    button = element(
        "button",
        "Put back",
        type="button",
        data_redrive=delivery.delivery_id,
        hidden=True,
        aria_label=f"Put {delivery.filename} back",
    )
    cells = [
        element("th", link, scope="row"),
        element("td", value(delivery.reason or "nobody knows", REASON_LENGTH), class_="reason"),
        element("td", words.times(delivery.attempts), class_="tried"),
        element("td", when(delivery), class_="when"),
        element("td", button, class_="act"),
    ]
    return element("tr", cells)


def _none() -> Markup:
    told = "Whatever came in was read, and what was no CSV was rejected with a reason: that is no failure."
    return element("div", element("h2", "Nothing failed"), element("p", told), class_="empty")


OPERATIONS = (
    Operation(method="GET", path="/failures", scope="operate", summary="Failures", handler=failures, parameters=PAGING),
)
