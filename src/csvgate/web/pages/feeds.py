"""Feeds with their contracts and newest verdicts, as a person looks at them."""

from __future__ import annotations

from collections import Counter
from typing import get_args
from urllib.parse import urlencode

from csvgate.core.contracts.feed import Feed
from csvgate.core.findings import Verdict
from csvgate.delivery import Delivery
from csvgate.delivery_json import facts, instant
from csvgate.report import words
from csvgate.report.markup import Markup, element, value
from csvgate.report.summary import SIGNS, Tone, tone
from csvgate.web.api.feeds import LOOKED_AT, NAME, Recent, feed_asked_for, recent, seen_by
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.contract import contract_table
from csvgate.web.pages.deliveries import table
from csvgate.web.pages.frame import page
from csvgate.web.pages.rows import standing

LENGTH = 120
SHOWN = 10
EXAMPLE = """feeds:
  - name: orders
    key: orders/*.csv
    contract: orders.schema.yaml
"""


def feeds(asked: Asked) -> Reply:
    """Every feed, with a strip of its newest verdicts."""
    known = seen_by(asked)
    title = element("h1", "Feeds")
    if not known:
        return page(asked, "Feeds", title, _none())
    newest = recent(asked)
    return page(asked, "Feeds", title, [_summary(feed, newest) for feed in known])


def feed(asked: Asked) -> Reply:
    """One feed, what its files have to be like, and how the newest were."""
    known = feed_asked_for(asked)
    found = recent(asked)
    newest = found.of(known)
    promised = (
        contract_table(known.contract) if known.contract else element("p", "Nothing was promised.", class_="none")
    )
    files = element("div", _strip(known, found), table(newest[:SHOWN]) if newest else None)
    return page(
        asked,
        known.name,
        element("h1", value(known.name, LENGTH)),
        _facts(known),
        _section("recent", "Newest files", files),
        _section("contract", "Contract", promised),
        module="receipt.js",
    )


def _summary(feed: Feed, found: Recent) -> Markup:
    name = element("a", value(feed.name, LENGTH), href=f"/feeds/{feed.name}")
    strip = _strip(feed, found)
    return element("article", element("h2", name), _facts(feed), strip, class_="feed-card")


def _facts(feed: Feed) -> Markup:
    known = [("files", element("code", value(feed.key, LENGTH)))]
    if feed.contract:
        known.append(("contract", Markup(words.count(len(feed.contract.schema.fields), "column"))))
    if feed.sink != "none":
        known.append(("rows go to", value(f"{feed.sink}, table {feed.table or feed.name}", LENGTH)))
    told = [element("div", element("dt", name), element("dd", fact)) for name, fact in known]
    return element("dl", told, class_="facts")


def _strip(feed: Feed, found: Recent) -> Markup:
    """The newest verdicts, the newest last, and how many there are of each, with the way to all of that kind."""
    newest = found.of(feed)
    if not newest:
        rare = f"Of the last {LOOKED_AT:,} deliveries none was of this feed."
        return element("p", "No file has come yet." if found.is_all else rare, class_="none")
    marks = [_mark(each) for each in reversed(newest)]
    strip = element("ol", marks, class_="strip", aria_label="Newest verdicts, the newest last")
    alike = Counter(standing(each) for each in newest)
    moods = {standing(each): tone(facts(each)) for each in newest}
    tally = [
        element("a", _sign(moods[name]), f"{number} {name}", href=_all(feed, name), class_=moods[name])
        for name, number in alike.most_common()
    ]
    told = f"The last {words.count(len(newest), 'file')}: " if len(newest) > 1 else "The only file: "
    return element("div", strip, element("p", told, tally, class_="tally"))


def _all(feed: Feed, name: str) -> str:
    """Where all deliveries of the feed are that stand so."""
    by = "verdict" if name in get_args(Verdict) else "state"
    return f"/deliveries?{urlencode({'feed': feed.name, by: name})}"


def _sign(mood: Tone) -> Markup:
    return element("span", SIGNS[mood], class_="mark", aria_hidden="true")


def _mark(delivery: Delivery) -> Markup:
    mood = tone(facts(delivery))
    rows = "" if delivery.row_count is None else f", {words.count(delivery.row_count, 'row')}"
    told = f"{delivery.filename}, {standing(delivery)}{rows}, {words.moment(instant(delivery.upload_timestamp))}"
    sign = element("span", SIGNS[mood], aria_hidden="true")
    link = element("a", sign, href=f"/deliveries/{delivery.delivery_id}", title=told, aria_label=told)
    return element("li", link, class_=mood)


def _section(name: str, title: str, part: Markup) -> Markup:
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, part, id=name, aria_labelledby=f"{name}-title")


def _none() -> Markup:
    return element(
        "div",
        element("h2", "There are no feeds yet"),
        element("p", "A feed says what the files of one sender promise, and where their rows go."),
        element("pre", element("code", EXAMPLE)),
        element("p", element("code", "csvgate contract infer FILE"), " writes a contract from a file that is right."),
        class_="empty",
    )


OPERATIONS = (
    Operation(method="GET", path="/feeds", scope="read", summary="All feeds", handler=feeds),
    Operation(method="GET", path="/feeds/{name}", scope="read", summary="One feed", handler=feed, parameters=(NAME,)),
)
