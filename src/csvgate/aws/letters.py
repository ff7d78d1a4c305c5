"""The body of a dead message in; what it is about, and what to send again, out. Pure.

Lambda puts an event that it gave up on into an envelope of its own, with the event in `requestPayload`.
Format: AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations".
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from csvgate.aws.events import decode_text
from csvgate.aws.keys import named
from csvgate.delivery import Arrival
from csvgate.delivery_json import from_message
from csvgate.errors import UndecodableEvent


def of_arrivals(body: str, bucket: str) -> tuple[Sequence[Arrival], str]:
    """The arrivals of a message of the first stage, and the message; UndecodableEvent if it is none."""
    text = _unwrapped(body)
    place = named(text, bucket) if text.strip() else None
    if place:
        return [Arrival(bucket=place[0], key=place[1])], text
    found = decode_text(text)
    arrivals = [each for each in found if isinstance(each, Arrival)]
    problem = next((each for each in found if isinstance(each, UndecodableEvent)), None)
    if problem and not arrivals:
        raise problem
    return arrivals, text


def of_inspected(body: str) -> tuple[Sequence[Arrival], str]:
    """The same for a message of the second stage."""
    return [from_message(body).arrival], body


def _unwrapped(body: str) -> str:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return body
    wrapped = message.get("requestPayload") if isinstance(message, dict) else None
    return json.dumps(wrapped) if isinstance(wrapped, dict) else body
