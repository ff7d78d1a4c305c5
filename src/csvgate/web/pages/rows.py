"""A delivery in; its line in a list out, as it is now, and as it changes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from werkzeug.wrappers import Response

from csvgate.delivery import Delivery
from csvgate.delivery_json import facts, instant
from csvgate.report import words
from csvgate.report.escape import clipped, escaped
from csvgate.report.markup import Markup, element, value
from csvgate.report.summary import SIGNS, tone
from csvgate.web.api.deliveries import ID, changes, delivery_asked_for
from csvgate.web.listing import PARAMETERS
from csvgate.web.operations import JSON, Asked, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.problems import NotFound

NAME_LENGTH, SENTENCE_LENGTH = 120, 400
ON_ITS_WAY = "is on its way to the gate."
TITLES = ("Verdict", "File", "Rows", "Columns", "Size", "Uploaded")


def row(delivery: Delivery) -> Markup:
    """What is known of a delivery, in one line, which leads to its receipt."""
    folder, _, name = delivery.arrival.key.rpartition("/")
    shown = element(
        "a",
        element("span", value(f"{folder}/", NAME_LENGTH), class_="folder") if folder else None,
        value(name or folder, NAME_LENGTH, class_="name"),
        href=f"/deliveries/{delivery.delivery_id}",
    )
    cells = [
        element("td", mark(delivery), class_="verdict"),
        element("th", shown, feed_of(delivery), scope="row"),
        _count(delivery, delivery.row_count, "row"),
        _count(delivery, delivery.column_count, "column"),
        element("td", words.size(delivery.file_size_bytes), class_="number"),
        element("td", when(delivery), class_="when"),
    ]
    return element("tr", cells, class_=tone(facts(delivery)), id=f"d-{delivery.delivery_id}", data_as=delivery.state)


def line(delivery: Delivery) -> dict[str, Any]:
    """The same for a script: what to say, how to colour it, and whether there is more to come."""
    told = facts(delivery)
    return {
        "id": delivery.delivery_id,
        "name": clipped(escaped(words.name_of(told)), NAME_LENGTH),
        "tone": tone(told),
        "sentence": words.sentence(told)[:SENTENCE_LENGTH],
        "is_final": delivery.is_final or delivery.state == "failed",
    }


def mark(delivery: Delivery) -> Markup:
    """The sign and the word of the verdict, or of the state."""
    sign = element("span", SIGNS[tone(facts(delivery))], class_="mark", aria_hidden="true")
    is_busy = not delivery.is_final and delivery.state != "failed"
    return element("span", sign, element("span", standing(delivery)), class_=f"standing{' busy' if is_busy else ''}")


def standing(delivery: Delivery) -> str:
    """The verdict where there is one and it is what counts, else the state."""
    is_judged = delivery.verdict and delivery.state in {"recorded", "loaded", "rejected"}
    return str(delivery.verdict) if is_judged else delivery.state


def when(delivery: Delivery) -> Markup:
    """The time of the upload."""
    written = instant(delivery.upload_timestamp)
    return element("time", words.moment(written), datetime=written)


def feed_of(delivery: Delivery) -> Markup | None:
    """The feed, as a tag."""
    return element("span", value(delivery.feed, NAME_LENGTH), class_="feed") if delivery.feed else None


def one(asked: Asked) -> Reply:
    """The line of one delivery, as it is now; one that nobody knows may be on its way."""
    unknown = {"id": asked.text("delivery_id"), "name": "", "tone": "other", "sentence": ON_ITS_WAY, "is_final": False}
    try:
        told = line(delivery_asked_for(asked))
    except NotFound:
        told = unknown
    return Response(json.dumps(told), mimetype=JSON)


def live(asked: Asked) -> Reply:
    """Lines as they change, of deliveries that are wanted; `row` is null for those that no longer are."""

    def event(delivery: Delivery) -> str:
        shown = str(row(delivery)) if _is_wanted(delivery, asked) else None
        return f"event: line\ndata: {json.dumps({**line(delivery), 'row': shown})}\n\n"

    return changes(asked, event)


def _is_wanted(delivery: Delivery, asked: Asked) -> bool:
    day, exactly = asked.text("day"), ("feed", "state", "verdict")
    chosen = all(asked.text(name) in {"", getattr(delivery, name)} for name in exactly)
    is_named = asked.text("q").casefold() in delivery.arrival.key.casefold()
    return chosen and is_named and instant(delivery.upload_timestamp).startswith(day)


def _count(delivery: Delivery, number: int | None, noun: str) -> Markup:
    """What is no table has no figures; where there is no header of columns, the noun stands behind the number."""
    told = "" if number is None or delivery.verdict == "rejected" else f"{number:,}"
    return element("td", told, class_="number", data_label=noun if number == 1 else f"{noun}s")


def lenient(parameter: Parameter) -> Parameter:
    """The same, which may also be empty: so a form without a script sends what nobody chose."""
    schema = dict(parameter.schema)
    if isinstance(choices := schema.get("enum"), tuple):
        schema["enum"] = ("", *choices)
    if "pattern" in schema:
        schema["pattern"] = f"^$|{schema['pattern']}"
    return replace(parameter, schema=schema | ({} if schema["type"] == "integer" else {"minLength": 0}))


LISTING = tuple(lenient(parameter) for parameter in PARAMETERS)
FILTERS = tuple(parameter for parameter in LISTING if parameter.name not in {"limit", "cursor"})
OPERATIONS = (
    Operation(
        method="GET",
        path="/deliveries/live",
        scope="read",
        summary="Lines of the list as they change",
        handler=live,
        parameters=FILTERS,
    ),
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/line",
        scope="read",
        summary="The line of one delivery",
        handler=one,
        parameters=(ID,),
    ),
)
