"""Feeds with their contracts and newest verdicts, and what failed, as a person looks at them."""

from __future__ import annotations

from csvgate.core.contracts.feed import Feed
from csvgate.delivery_json import facts
from csvgate.report.markup import Markup, element, value
from csvgate.report.summary import tone
from csvgate.web.api.feeds import NAME, feed_asked_for, recent, seen_by
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.deliveries import standing
from csvgate.web.pages.frame import page

LENGTH = 120


def feeds(asked: Asked) -> Reply:
    """Every feed, with a strip of its newest verdicts."""
    known = seen_by(asked)
    if not known:
        return page(asked, "Feeds", element("h1", "Feeds"), element("p", "There are no feeds.", class_="empty"))
    return page(asked, "Feeds", element("h1", "Feeds"), [_summary(asked, feed) for feed in known])


def feed(asked: Asked) -> Reply:
    """One feed, and what its files have to be like."""
    known = feed_asked_for(asked)
    return page(asked, known.name, element("h1", value(known.name, LENGTH)), _summary(asked, known))


def _summary(asked: Asked, feed: Feed) -> Markup:
    name = element("a", value(feed.name, LENGTH), href=f"/feeds/{feed.name}")
    strip = [
        element("a", class_=f"mark {tone(facts(each))}", href=f"/deliveries/{each.delivery_id}", title=standing(each))
        for each in recent(asked, feed)
    ]
    return element("article", element("h2", name), element("code", value(feed.key, LENGTH)), element("p", strip))


OPERATIONS = (
    Operation(method="GET", path="/feeds", scope="read", summary="All feeds", handler=feeds),
    Operation(method="GET", path="/feeds/{name}", scope="read", summary="One feed", handler=feed, parameters=(NAME,)),
)
