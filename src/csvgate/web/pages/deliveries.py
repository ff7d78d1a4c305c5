"""The list of deliveries, as a person looks through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args
from urllib.parse import urlencode

from csvgate.core.findings import Verdict
from csvgate.delivery import Delivery, State
from csvgate.delivery_json import facts, instant
from csvgate.report import words
from csvgate.report.markup import Markup, element, value
from csvgate.report.summary import SIGNS, tone
from csvgate.web.listing import PARAMETERS
from csvgate.web.listing import page as found
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.frame import page

NAME_LENGTH = 80
FILTERS = ("q", "feed", "verdict", "state", "day")


def deliveries(asked: Asked) -> Reply:
    """Newest first, narrowed as was asked; new ones show by themselves where there is a script."""
    chosen, cursor = found(asked)
    wanted = {name: asked.text(name) for name in FILTERS if asked.text(name)}
    listed = table(chosen) if chosen else _nothing(asked, wanted)
    live = not asked.text("cursor")
    return page(
        asked,
        "Deliveries",
        element("h1", "Deliveries"),
        _filters(asked, wanted),
        element("div", listed, id="deliveries", data_live="yes" if live else None, data_wanted=urlencode(wanted)),
        _older(wanted, cursor),
        module="deliveries.js",
    )


def table(deliveries: list[Delivery]) -> Markup:
    """One row for each delivery."""
    heads = [element("th", title, scope="col") for title in ("Verdict", "File", "Rows", "Columns", "Size", "Uploaded")]
    rows = [row(delivery) for delivery in deliveries]
    head = element("thead", element("tr", heads))
    return element("table", element("caption", "Deliveries, newest first"), head, element("tbody", rows), class_="list")


def row(delivery: Delivery) -> Markup:
    """What is known of a delivery, in one line, which leads to its receipt."""
    told = facts(delivery)
    mood = tone(told)
    name = value(delivery.arrival.key, NAME_LENGTH, class_="name")
    sign = element("span", SIGNS[mood], class_="mark", aria_hidden="true")
    shown = element("span", sign, element("span", standing(delivery)), class_="standing")
    cells = [
        element("td", shown),
        element("th", element("a", name, href=f"/deliveries/{delivery.delivery_id}"), _feed(delivery), scope="row"),
        element("td", _number(delivery.row_count), class_="number"),
        element("td", _number(delivery.column_count), class_="number"),
        element("td", words.size(delivery.file_size_bytes), class_="number"),
        element("td", when(delivery)),
    ]
    return element("tr", cells, class_=mood, id=f"d-{delivery.delivery_id}")


def standing(delivery: Delivery) -> str:
    """The verdict where there is one and it is what counts, else the state."""
    is_judged = delivery.verdict and delivery.state in {"recorded", "loaded", "rejected"}
    return str(delivery.verdict) if is_judged else delivery.state


def when(delivery: Delivery) -> Markup:
    """The time of the upload."""
    written = instant(delivery.upload_timestamp)
    return element("time", words.moment(written), datetime=written)


def _feed(delivery: Delivery) -> Markup | None:
    return element("span", value(delivery.feed, NAME_LENGTH), class_="feed") if delivery.feed else None


def _number(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _filters(asked: Asked, wanted: Mapping[str, str]) -> Markup:
    feeds = [feed.name for feed in asked.door.ports.feeds.feeds if asked.token.sees(feed.key)]
    search = element("input", id="q", name="q", type="search", value=wanted.get("q"), placeholder="sales-2026")
    day = element("input", id="day", name="day", type="date", value=wanted.get("day"))
    return element(
        "form",
        _labelled("q", "Name", search),
        _choice("verdict", "Verdict", get_args(Verdict), wanted),
        _choice("state", "State", get_args(State), wanted),
        _choice("feed", "Feed", feeds, wanted) if feeds else None,
        _labelled("day", "Day (UTC)", day),
        element("button", "Search"),
        element("a", "Clear", href="/deliveries", class_="quiet") if wanted else None,
        method="get",
        action="/deliveries",
        role="search",
        class_="filters",
    )


def _choice(name: str, title: str, choices: object, wanted: Mapping[str, str]) -> Markup:
    options = [element("option", each, value=each, selected=wanted.get(name) == each) for each in choices]  # type: ignore[attr-defined]
    return _labelled(name, title, element("select", element("option", "any", value=""), options, id=name, name=name))


def _labelled(name: str, title: str, control: Markup) -> Markup:
    return element("div", element("label", title, for_=name), control)


def _older(wanted: Mapping[str, str], cursor: str | None) -> Markup | None:
    if cursor is None:
        return None
    address = f"/deliveries?{urlencode({**wanted, 'cursor': cursor})}"
    return element("p", element("a", "Older deliveries", href=address, rel="next"), class_="pages")


def _nothing(asked: Asked, wanted: Mapping[str, str]) -> Markup:
    """Why the list is empty, and what to do about it."""
    if wanted or asked.text("cursor"):
        return element("p", "No delivery is like that. ", element("a", "Show all", href="/deliveries"), class_="empty")
    place = f"s3://{asked.door.bucket}/{asked.token.tenant}"
    return element(
        "div",
        element("h2", "Nothing has arrived yet"),
        element("p", element("a", "Upload a file", href="/"), ", or put one into ", element("code", place), "."),
        class_="empty",
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/deliveries",
        scope="read",
        summary="The list of deliveries",
        handler=deliveries,
        parameters=PARAMETERS,
    ),
)
