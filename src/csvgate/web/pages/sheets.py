"""The style sheet that pages share with receipts."""

from __future__ import annotations

from werkzeug.wrappers import Response

from csvgate.report.page import style
from csvgate.web.operations import Asked, Operation, Reply


def receipt(_: Asked) -> Reply:
    """How a receipt looks."""
    return Response(style(), mimetype="text/css", headers={"Cache-Control": "max-age=300"})


OPERATIONS = (
    Operation(method="GET", path="/receipt.css", scope=None, summary="The style of receipts", handler=receipt),
)
