"""What failed and why, as a person looks at it and puts it back."""

from __future__ import annotations

from itertools import islice

from csvgate.report.markup import element, value
from csvgate.web.api.failures import SHOWN
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.deliveries import when
from csvgate.web.pages.frame import page

LENGTH = 200


def failures(asked: Asked) -> Reply:
    """The deliveries that failed, each with its reason."""
    failed = asked.door.ports.view.newest(state="failed")
    mine = list(islice((each for each in failed if asked.token.sees(each.arrival.key)), SHOWN))
    if not mine:
        return page(asked, "Failures", element("h1", "Failures"), element("p", "Nothing failed.", class_="empty"))
    rows = [
        element(
            "tr",
            element(
                "th", element("a", value(each.arrival.key, LENGTH), href=f"/deliveries/{each.delivery_id}"), scope="row"
            ),
            element("td", value(each.reason or "", LENGTH)),
            element("td", when(each)),
            element("td", element("button", "Put back", type="button", data_redrive=each.delivery_id, hidden=True)),
        )
        for each in mine
    ]
    return page(
        asked, "Failures", element("h1", "Failures"), element("table", element("tbody", rows)), module="failures.js"
    )


OPERATIONS = (Operation(method="GET", path="/failures", scope="operate", summary="Failures", handler=failures),)
