"""The receipt of one delivery, as a person reads it: for those who are signed in, and for whoever has a link."""

from __future__ import annotations

from http import HTTPStatus

from csvgate.delivery import Delivery
from csvgate.pipeline.story import receipt_of
from csvgate.report import words
from csvgate.report.findings import Around
from csvgate.report.markup import Markup, element
from csvgate.report.page import head, sections
from csvgate.report.summary import proof, tone
from csvgate.report.words import Receipt
from csvgate.web.api.deliveries import ID, delivery_asked_for
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.frame import page
from csvgate.web.pages.timeline import history, timeline
from csvgate.web.parameters import Parameter
from csvgate.web.problems import NotFound, Problem
from csvgate.web.shares import opened
from csvgate.web.surroundings import surroundings

SECRET = Parameter(name="secret", meaning="what opens the receipt", place="path")


SENT = Parameter(
    name="sent",
    meaning="it was sent a moment ago, and need not be known yet",
    schema={"type": "string", "enum": ("yes",)},
)


def receipt(asked: Asked) -> Reply:
    """All that is known of the delivery, and what can be done with it."""
    ports = asked.door.ports
    try:
        delivery = delivery_asked_for(asked)
    except NotFound:
        # Also where it is somebody else's: that it exists is nobody's business.
        if asked.text("sent"):
            return _awaited(asked)
        raise
    known = receipt_of(delivery, ports.objects)
    waits = not delivery.is_final and delivery.state != "failed"
    told = element(
        "div",
        head(known),
        _actions(delivery),
        sections(known, around=surroundings(delivery, known, ports.objects)),
        timeline(delivery, known),
        history(delivery, ports.view),
        proof(known),
        class_=f"receipt {tone(known)}",
        data_waits=delivery.delivery_id if waits else None,
    )
    return page(asked, _title(known), told, module="receipt.js", waits=waits)


def _awaited(asked: Asked) -> Reply:
    """A page that asks again by itself."""
    told = element("p", "The gate is about to read it; this page shows its receipt in a moment.")
    answer = page(asked, "Sent", element("div", element("h1", "Sent"), told, class_="empty"))
    answer.headers["Refresh"] = "1"
    return answer


def shared(asked: Asked) -> Reply:
    """The receipt that the link opens, without anything that could be done."""
    delivery = opened(asked, asked.text("secret"))
    if delivery is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "this link opens nothing, or no longer")
    objects = asked.door.ports.objects
    known = receipt_of(delivery, objects)
    around: Around = surroundings(delivery, known, objects)
    told = element("div", head(known), sections(known, around=around), proof(known), class_=f"receipt {tone(known)}")
    return page(asked, _title(known), told)


def _title(known: Receipt) -> str:
    return f"{words.name_of(known)} {words.sentence(known)}"


def _actions(delivery: Delivery) -> Markup:
    one = f"/api/deliveries/{delivery.delivery_id}"
    share = element("button", "Link for the sender", type="button", data_share=f"{one}/share", hidden=True)
    links = [element("a", "Receipt (JSON)", href=one, download=f"{delivery.filename}.receipt.json", class_="button")]
    if delivery.verdict in {"ok", "warning"}:
        links += [element("a", "Cleaned file", href=f"{one}/clean", download=True, class_="button")]
        links += [element("a", "Rejected records", href=f"{one}/rejects", download=True, class_="button")]
    if delivery.rows_quarantined:
        links += [element("a", "Quarantine", href=f"{one}/quarantine", download=True, class_="button")]
    link = element("p", id="link", class_="link-made")
    return element("div", element("p", share, links, class_="actions"), link, id="actions")


OPERATIONS = (
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}",
        scope="read",
        summary="The receipt of a delivery",
        handler=receipt,
        parameters=(ID, SENT),
    ),
    Operation(
        method="GET",
        path="/shared/{secret}",
        scope=None,
        summary="A receipt that somebody shared",
        handler=shared,
        parameters=(SECRET,),
    ),
)
