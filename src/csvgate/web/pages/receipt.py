"""The receipt of one delivery, as a person reads it: for those who are signed in, and for whoever has a link."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice

from csvgate.delivery import Delivery
from csvgate.pipeline import receipt_of
from csvgate.report import words
from csvgate.report.markup import Markup, element, value
from csvgate.report.page import head, sections
from csvgate.report.summary import proof, tone
from csvgate.report.words import Receipt
from csvgate.web.api.deliveries import ID, delivery_asked_for
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.deliveries import standing, when
from csvgate.web.pages.frame import page
from csvgate.web.parameters import Parameter
from csvgate.web.problems import Problem
from csvgate.web.shares import opened

HISTORY = 20
KEY_LENGTH = 200
SECRET = Parameter(name="secret", meaning="what opens the receipt", place="path")


def receipt(asked: Asked) -> Reply:
    """All that is known of the delivery, and what can be done with it."""
    delivery = delivery_asked_for(asked)
    known = receipt_of(delivery, asked.door.ports.objects)
    title = f"{words.name_of(known)} {words.sentence(known)}"
    return page(
        asked, title, body(known), _actions(delivery), _timeline(known), _history(asked, delivery), module="receipt.js"
    )


def shared(asked: Asked) -> Reply:
    """The receipt that the link opens, without anything that could be done."""
    delivery = opened(asked, asked.text("secret"))
    if delivery is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "this link opens nothing, or no longer")
    known = receipt_of(delivery, asked.door.ports.objects)
    return page(asked, f"{words.name_of(known)} {words.sentence(known)}", body(known))


def body(known: Receipt) -> Markup:
    """What the receipt says."""
    return element("div", head(known), sections(known), proof(known), class_=f"receipt {tone(known)}")


def _actions(delivery: Delivery) -> Markup:
    one = f"/api/deliveries/{delivery.delivery_id}"
    links = [element("a", "Receipt (JSON)", href=one, download=f"{delivery.filename}.receipt.json")]
    if delivery.verdict in {"ok", "warning"}:
        links += [element("a", "Cleaned file", href=f"{one}/clean", download=True)]
        links += [element("a", "Rejected records", href=f"{one}/rejects", download=True)]
    if delivery.rows_quarantined:
        links += [element("a", "Quarantine", href=f"{one}/quarantine", download=True)]
    button = element("button", "Link for the sender", type="button", data_share=f"{one}/share", hidden=True)
    return element(
        "section", element("h2", "Take it along"), element("p", links, button, class_="actions"), id="actions"
    )


def _timeline(known: Receipt) -> Markup:
    steps = [("uploaded", words.moment(known.get("upload_timestamp"))), (str(known.get("state")), "")]
    return element("section", element("h2", "What happened"), element("ol", [element("li", *step) for step in steps]))


def _history(asked: Asked, delivery: Delivery) -> Markup | None:
    arrival = delivery.arrival
    others = list(islice(asked.door.ports.view.history(arrival.bucket, arrival.key), HISTORY))
    if others == [delivery] or not others:
        return None
    rows = [
        element(
            "li",
            element("a", when(each), " ", standing(each), href=f"/deliveries/{each.delivery_id}"),
            aria_current="true" if each.delivery_id == delivery.delivery_id else None,
        )
        for each in others
    ]
    title = element("h2", "History of ", value(arrival.key, KEY_LENGTH, class_="name"))
    return element("section", title, element("ol", rows), id="history")


OPERATIONS = (
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}",
        scope="read",
        summary="The receipt of a delivery",
        handler=receipt,
        parameters=(ID,),
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
