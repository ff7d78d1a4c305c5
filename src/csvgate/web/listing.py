"""What a request wants to see of the catalog in; one page of deliveries, and the cursor of the next, out.

A cursor is the place of the last delivery that was looked at: whatever arrives meanwhile, nothing is shown twice or
left out. A search looks at so many deliveries in one request, and its page may be short, or empty, with a cursor.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from itertools import islice
from typing import Any, get_args

from csvgate.core.findings import Verdict
from csvgate.delivery import Delivery, State
from csvgate.delivery_json import facts
from csvgate.web.operations import Asked
from csvgate.web.parameters import Parameter
from csvgate.web.problems import Problem

PAGE, LARGEST_PAGE = 50, 200
LOOKED_AT = 2_000
_ID = re.compile("[0-9a-f]{64}")
PAGING = (
    Parameter(
        name="limit",
        meaning="how many at most",
        schema={"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
        default=PAGE,
    ),
    Parameter(name="cursor", meaning="`next` of the page before"),
)
PARAMETERS = (
    *PAGING,
    Parameter(name="q", meaning="only objects whose key has this in it, in any case"),
    Parameter(name="feed", meaning="only deliveries of this feed"),
    Parameter(
        name="state", meaning="only deliveries in this state", schema={"type": "string", "enum": get_args(State)}
    ),
    Parameter(
        name="verdict", meaning="only files that were judged so", schema={"type": "string", "enum": get_args(Verdict)}
    ),
    Parameter(
        name="day",
        meaning="only files that were uploaded on this day (UTC)",
        schema={"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    ),
)


def page(asked: Asked, state: State | None = None) -> tuple[list[Delivery], str | None]:
    """The deliveries that are wanted, newest first, and the cursor to go on with, if there may be more.

    state: only those, where nobody is asked for another.
    """
    limit, found = asked.number("limit"), list[Delivery]()
    for looked_at, delivery in enumerate(islice(_behind(asked, state), LOOKED_AT), start=1):
        if _is_wanted(delivery, asked):
            found.append(delivery)
        if len(found) == limit or looked_at == LOOKED_AT:
            return found, _cursor(delivery)
    return found, None


def listed(asked: Asked, state: State | None = None) -> dict[str, object]:
    """The same as JSON."""
    found, cursor = page(asked, state)
    return {"items": [facts(delivery) for delivery in found], "next": cursor}


def _behind(asked: Asked, state: State | None) -> Iterator[Delivery]:
    """Those behind the cursor; where its own delivery is gone from the list, all that are older."""
    cursor = asked.text("cursor")
    if not cursor:
        return _newest(asked, state)
    moment, delivery_id = _place(cursor)
    return _after(_newest(asked, state, until=moment), moment, delivery_id)


def _newest(asked: Asked, state: State | None, until: datetime | None = None) -> Iterator[Delivery]:
    verdict, day = asked.text("verdict"), asked.text("day")
    if day:
        _require_day(day)
    wanted: dict[str, Any] = {
        "state": state or asked.text("state") or None,
        "verdict": verdict or None,
        "day": day or None,
    }
    return asked.door.ports.view.newest(**wanted, until=until)


def _require_day(day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError as exc:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{day} is no day", parameter="day") from exc


def _is_wanted(delivery: Delivery, asked: Asked) -> bool:
    key, words, feed = delivery.arrival.key, asked.text("q"), asked.text("feed")
    if not asked.token.sees(key):
        return False
    return words.casefold() in key.casefold() and (not feed or delivery.feed == feed)


def _after(deliveries: Iterator[Delivery], moment: datetime, delivery_id: str) -> Iterator[Delivery]:
    for delivery in deliveries:
        if delivery.delivery_id == delivery_id:
            break
        if delivery.upload_timestamp < moment:
            yield delivery
            break
    yield from deliveries


def _cursor(delivery: Delivery) -> str:
    place = f"{delivery.upload_timestamp.astimezone(UTC).isoformat()} {delivery.delivery_id}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        moment, delivery_id = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").split(" ")
        found = datetime.fromisoformat(moment)
    except ValueError as exc:
        raise _foreign() from exc
    if found.tzinfo is not UTC or not _ID.fullmatch(delivery_id):
        raise _foreign()
    return found, delivery_id


def _foreign() -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, "the cursor is none of ours", parameter="cursor")
