"""A link to a receipt, for a sender who has no token."""

from __future__ import annotations

from csvgate.delivery_json import instant
from csvgate.web.api.deliveries import ID, delivery_asked_for
from csvgate.web.operations import Answer, Asked, Created, Operation, Reply
from csvgate.web.schemas import MOMENT, TEXT, record
from csvgate.web.shares import shared


def share(asked: Asked) -> Reply:
    """Whoever has the link sees this receipt, for thirty days."""
    secret, ends = shared(asked, delivery_asked_for(asked))
    return Created(path=f"/shared/{secret}", expires_at=instant(ends))


OPERATIONS = (
    Operation(
        method="POST",
        path="/api/deliveries/{delivery_id}/share",
        scope="read",
        summary="Make a link that shows the receipt to whoever has it",
        handler=share,
        parameters=(ID,),
        answers={
            201: Answer(
                meaning="The link, and when it ends",
                schema=record({"path": TEXT, "expires_at": MOMENT}, needed=("path", "expires_at")),
            )
        },
    ),
)
