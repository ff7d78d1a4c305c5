"""Where files are dropped, as a person does it."""

from __future__ import annotations

from http import HTTPStatus

from werkzeug.utils import redirect

from csvgate.report.markup import element
from csvgate.web.forms import uploaded
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.frame import page


def upload(asked: Asked) -> Reply:
    """A place to drop files; a plain form where there is no script."""
    chooser = element("input", id="files", name="files", type="file", multiple=True, required=True)
    form = element(
        "form",
        element("label", "Drop CSV files here, or choose them", for_="files"),
        chooser,
        element("button", "Upload"),
        method="post",
        action="/uploads",
        enctype="multipart/form-data",
        class_="drop",
        id="drop",
    )
    queue = element("ul", id="queue", aria_live="polite")
    return page(asked, "Upload", element("h1", "Upload"), form, queue, module="upload.js")


def take(asked: Asked) -> Reply:
    """The files of the form are in the bucket, and their deliveries are looked at."""
    told = uploaded(asked)
    alone = told[0]["delivery_id"] if len(told) == 1 else None
    return redirect(f"/deliveries/{alone}" if alone else "/deliveries", HTTPStatus.SEE_OTHER)


OPERATIONS = (
    Operation(method="GET", path="/", scope="upload", summary="Upload files", handler=upload),
    Operation(method="POST", path="/uploads", scope="upload", summary="Take the files of a form", handler=take),
)
