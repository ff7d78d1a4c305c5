"""Deliveries, receipts and what belongs to them: what the holder of a token may see of the catalog."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from werkzeug.wrappers import Response

from csvgate.delivery import Delivery
from csvgate.pipeline.story import receipt_of
from csvgate.web.listing import PARAMETERS, listed
from csvgate.web.live import told
from csvgate.web.operations import Answer, Asked, Operation, Reply
from csvgate.web.parameters import Parameter
from csvgate.web.problems import NotFound, Problem
from csvgate.web.schemas import FINDING, TEXT, list_of, named, record

EVENTS = "text/event-stream"
ID = Parameter(
    name="delivery_id",
    meaning="the id of the delivery",
    place="path",
    schema={"type": "string", "pattern": "^[0-9a-f]{64}$", "minLength": 64, "maxLength": 64},
)


def deliveries(asked: Asked) -> Reply:
    """Deliveries, newest first."""
    return listed(asked)


def receipt(asked: Asked) -> Reply:
    """All that is known of one delivery."""
    return receipt_of(delivery_asked_for(asked), asked.door.ports.objects)


def findings(asked: Asked) -> Reply:
    """What is wrong with its file, and where."""
    known = receipt_of(delivery_asked_for(asked), asked.door.ports.objects)
    return {"delivery_id": known["delivery_id"], "findings": known.get("findings", [])}


def events(asked: Asked) -> Reply:
    """What changes from now on, for as long as somebody listens."""
    return changes(asked, told)


def changes(asked: Asked, tell: Callable[[Delivery], str]) -> Response:
    """What changes, as events, for as long as the token counts."""
    door, token = asked.door, asked.token
    news = door.live.join()
    if news is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "too many are listening; ask again in a while")
    heard = door.live.events(
        news, lambda delivery: token.sees(delivery.arrival.key), tell, lambda: door.tokens.counts(token.token_id)
    )
    # Some proxies would wait until there is enough to send.
    response = Response(heard, mimetype=EVENTS, headers={"X-Accel-Buffering": "no"})
    # Whoever asks for the header alone (HEAD), or is gone before the first event, leaves as well.
    response.call_on_close(lambda: door.live.leave(news))
    return response


def delivery_asked_for(asked: Asked) -> Delivery:
    """The delivery of that id; whoever may not see it learns no more than that there is none."""
    delivery = asked.door.ports.catalog.get(asked.text("delivery_id"))
    if delivery is None or not asked.token.sees(delivery.arrival.key):
        what = "delivery"
        raise NotFound(what)
    return delivery


OPERATIONS = (
    Operation(
        method="GET",
        path="/api/deliveries",
        scope="read",
        summary="Deliveries, newest first",
        handler=deliveries,
        parameters=PARAMETERS,
        answers={200: Answer(meaning="A page of deliveries", schema=named("Deliveries"))},
    ),
    Operation(
        method="GET",
        path="/api/deliveries/events",
        scope="read",
        summary="Deliveries as they change, as server-sent events",
        handler=events,
        answers={200: Answer(meaning="Events called `delivery`", schema=TEXT, media_type=EVENTS)},
    ),
    Operation(
        method="GET",
        path="/api/deliveries/{delivery_id}",
        scope="read",
        summary="The receipt of one delivery",
        handler=receipt,
        parameters=(ID,),
        answers={200: Answer(meaning="The receipt", schema=named("Receipt"))},
    ),
    Operation(
        method="GET",
        path="/api/deliveries/{delivery_id}/findings",
        scope="read",
        summary="What is wrong with a file, and where",
        handler=findings,
        parameters=(ID,),
        answers={
            200: Answer(
                meaning="The findings",
                schema=record({"delivery_id": TEXT, "findings": list_of(FINDING)}, needed=("delivery_id", "findings")),
            )
        },
    ),
)
