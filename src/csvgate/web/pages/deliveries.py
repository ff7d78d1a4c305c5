"""The list of deliveries, as a person looks through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args
from urllib.parse import urlencode

from csvgate.core.findings import Verdict
from csvgate.delivery import Delivery, State
from csvgate.report.markup import Markup, element
from csvgate.web.listing import page as found
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.frame import page
from csvgate.web.pages.rows import FILTERS, LISTING, TITLES, row

NUMBERS = {"Rows", "Columns", "Size"}


def deliveries(asked: Asked) -> Reply:
    """Newest first, narrowed as was asked; new ones show by themselves where there is a script."""
    chosen, cursor = found(asked)
    wanted = {one.name: asked.text(one.name) for one in FILTERS if asked.text(one.name)}
    is_first = not asked.text("cursor")
    fresh = element("button", type="button", id="fresh", class_="fresh", hidden=True)
    listed = element(
        "div",
        table(chosen) if chosen else _nothing(asked, wanted),
        id="deliveries",
        data_live=_address("/deliveries/live", wanted),
        data_top=_address("/deliveries", wanted),
        data_first="yes" if is_first else "no",
    )
    title = element("div", element("h1", "Deliveries"), fresh, class_="headline")
    parts = (title, _filters(asked, wanted), listed, _pages(wanted, cursor, is_first=is_first))
    return page(asked, "Deliveries", *parts, module="deliveries.js")


def table(deliveries: Iterable[Delivery]) -> Markup:
    """One row for each delivery."""
    heads = [element("th", title, scope="col", class_="number" if title in NUMBERS else None) for title in TITLES]
    caption = element("caption", "Deliveries, newest first")
    rows = element("tbody", [row(delivery) for delivery in deliveries])
    return element("table", caption, element("thead", element("tr", heads)), rows, class_="list")


def _filters(asked: Asked, wanted: Mapping[str, str]) -> Markup:
    feeds = [feed.name for feed in asked.door.ports.feeds.feeds if asked.token.sees(feed.key)]
    search = element("input", id="q", name="q", type="search", value=wanted.get("q"), placeholder="part of a name")
    day = element("input", id="day", name="day", type="date", value=wanted.get("day"))
    buttons = element(
        "div",
        element("button", "Search"),
        element("a", "Show all", href="/deliveries", class_="quiet button") if wanted else None,
        class_="buttons",
    )
    return element(
        "form",
        _labelled("q", "Name", search),
        _choice("verdict", "Verdict", get_args(Verdict), wanted),
        _choice("state", "State", get_args(State), wanted),
        _choice("feed", "Feed", feeds, wanted) if feeds else None,
        _labelled("day", "Day (UTC)", day),
        buttons,
        method="get",
        action="/deliveries",
        role="search",
        class_="filters",
    )


def _choice(name: str, title: str, choices: Iterable[str], wanted: Mapping[str, str]) -> Markup:
    options = [element("option", each, value=each, selected=wanted.get(name) == each) for each in choices]
    return _labelled(name, title, element("select", element("option", "any", value=""), options, id=name, name=name))


def _labelled(name: str, title: str, control: Markup) -> Markup:
    return element("div", element("label", title, for_=name), control)


def _pages(wanted: Mapping[str, str], cursor: str | None, *, is_first: bool) -> Markup | None:
    newest = None if is_first else element("a", "Newest", href=_address("/deliveries", wanted), class_="button quiet")
    older = cursor and element(
        "a", "Older deliveries", href=_address("/deliveries", {**wanted, "cursor": cursor}), rel="next", class_="button"
    )
    return element("nav", newest, older, class_="pages", aria_label="More deliveries") if newest or older else None


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _nothing(asked: Asked, wanted: Mapping[str, str]) -> Markup:
    """Why the list is empty, and what to do about it."""
    if wanted or asked.text("cursor"):
        shown = element("a", "Show all", href="/deliveries", class_="button")
        return element("div", element("h2", "No delivery is like that"), element("p", shown), class_="empty")
    place = f"s3://{asked.door.bucket}/{asked.token.tenant}"
    upload = element("a", "Upload a file", href="/", class_="button")
    by_hand = element("code", f"aws s3 cp FILE.csv {place}")
    return element(
        "div",
        element("h2", "Nothing has arrived yet"),
        element("p", "Every file that comes in shows here within seconds, with its verdict."),
        element("p", upload if asked.token.allows("upload") else None),
        element("p", "Or put one into the bucket: ", by_hand),
        class_="empty",
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/deliveries",
        scope="read",
        summary="The list of deliveries",
        handler=deliveries,
        parameters=LISTING,
    ),
)
