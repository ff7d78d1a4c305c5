"""Feeds and their contracts, and how the newest files of each were judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.feed import Feed
from csvgate.delivery import Delivery
from csvgate.delivery_json import instant
from csvgate.web.operations import Answer, Asked, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.problems import NotFound
from csvgate.web.schemas import named

RECENT, LOOKED_AT = 30, 1_000
NAME = Parameter(name="name", meaning="the name of the feed", place="path")


def feeds(asked: Asked) -> Reply:
    """All feeds, in the order in which a key is tried."""
    return {"items": [facts(feed) for feed in seen_by(asked)], "next": None}


def feed(asked: Asked) -> Reply:
    """One feed, with its contract and its newest verdicts."""
    known = feed_asked_for(asked)
    verdicts = [
        {
            "delivery_id": delivery.delivery_id,
            "upload_timestamp": instant(delivery.upload_timestamp),
            "state": delivery.state,
            **({"verdict": delivery.verdict} if delivery.verdict else {}),
        }
        for delivery in recent(asked).of(known)
    ]
    return {**facts(known), "recent": verdicts}


def seen_by(asked: Asked) -> list[Feed]:
    """The feeds that can be the holder's: whoever has a tenant sees those whose keys begin with it."""
    return [feed for feed in asked.door.ports.feeds.feeds if asked.token.sees(feed.key)]


def feed_asked_for(asked: Asked) -> Feed:
    """The feed of that name."""
    found = next((feed for feed in seen_by(asked) if feed.name == asked.text("name")), None)
    if found is None:
        what = "feed"
        raise NotFound(what)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Recent:
    """The newest deliveries by feed, newest first; `is_all`: there are no older ones of any feed."""

    by_feed: Mapping[str, Sequence[Delivery]]
    is_all: bool

    def of(self, feed: Feed) -> Sequence[Delivery]:
        """Those of the feed."""
        return self.by_feed.get(feed.name, ())[:RECENT]


def recent(asked: Asked) -> Recent:
    """What came of every feed, among the newest deliveries: they are read once for all feeds."""
    newest, by_feed = list(islice(asked.door.ports.view.newest(), LOOKED_AT)), defaultdict[str, list[Delivery]](list)
    for delivery in newest:
        if delivery.feed and asked.token.sees(delivery.arrival.key):
            by_feed[delivery.feed].append(delivery)
    return Recent(by_feed=by_feed, is_all=len(newest) < LOOKED_AT)


def facts(feed: Feed) -> dict[str, object]:
    """What a feed promises, and where its rows go."""
    known: dict[str, object] = {"name": feed.name, "key": feed.key, "sink": feed.sink}
    if feed.sink != "none":
        known |= {"table": feed.table or feed.name, "shape": feed.shape, "disposition": feed.disposition}
    return known | ({"contract": _contract(feed.contract)} if feed.contract else {})


def _contract(contract: Contract) -> dict[str, object]:
    limits = contract.limits
    return {
        "schema": contract.schema.to_json(),
        "on_violation": contract.on_violation,
        "max_bad_rows": limits.max_bad_rows,
        "max_bad_rate": limits.max_bad_rate,
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/api/feeds",
        scope="read",
        summary="All feeds, in the order in which a key is tried",
        handler=feeds,
        answers={200: Answer(meaning="The feeds", schema=named("Feeds"))},
    ),
    Operation(
        method="GET",
        path="/api/feeds/{name}",
        scope="read",
        summary="One feed, with its contract and its newest verdicts",
        handler=feed,
        parameters=(NAME,),
        answers={200: Answer(meaning="The feed", schema=named("Feed"))},
    ),
)
