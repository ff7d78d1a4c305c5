"""Where files are dropped, as a person does it."""

from __future__ import annotations

from http import HTTPStatus

from werkzeug.utils import redirect

from csvgate.report import words
from csvgate.report.markup import Markup, element
from csvgate.web.forms import uploaded
from csvgate.web.operations import Asked, Operation, Reply
from csvgate.web.pages.frame import page

STEPS = (
    ("Looked at before it leaves", "The beginning and the end of a file are enough to see most trouble."),
    ("Sent in parts", "Pause, go on, reload the page: what has arrived stays there."),
    ("Read to the last byte", "The receipt says what was counted, what is wrong, on which line, and what to do."),
)


def upload(asked: Asked) -> Reply:
    """A place to drop files; a plain form where there is no script."""
    queue = element("ul", id="queue", aria_label="Files")
    parts = (element("h1", "Upload"), _form(asked), queue, _steps())
    return page(asked, "Upload", *parts, module="upload.js")


def take(asked: Asked) -> Reply:
    """The files of the form are in the bucket, and their deliveries are looked at."""
    told = uploaded(asked)
    alone = told[0]["delivery_id"] if len(told) == 1 else None
    return redirect(f"/deliveries/{alone}?sent=yes" if alone else "/deliveries", HTTPStatus.SEE_OTHER)


def _form(asked: Asked) -> Markup:
    chooser = element("input", id="files", name="files", type="file", multiple=True, required=True)
    arrow = element(
        "svg", element("path", d="M12 16V4m0 0L7 9m5-5 5 5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3"), **ARROW
    )
    label = element(
        "label",
        arrow,
        element("strong", "Drop CSV files here"),
        element("span", "or ", element("span", "choose them", class_="link")),
        for_="files",
    )
    hint = f"Any encoding, any delimiter, also .gz, .zip and .zst. Up to {words.size(asked.door.limits.upload)} a file."
    return element(
        "form",
        label,
        chooser,
        element("button", "Upload"),
        element("p", hint, class_="hint", id="hint"),
        method="post",
        action="/uploads",
        enctype="multipart/form-data",
        class_="drop",
        id="drop",
    )


def _steps() -> Markup:
    told = [element("li", element("strong", title), " ", meaning) for title, meaning in STEPS]
    return element("ol", told, class_="steps", aria_label="What happens to a file")


ARROW: dict[str, str | int] = {
    "viewBox": "0 0 24 24",
    "width": 40,
    "height": 40,
    "fill": "none",
    "stroke": "currentColor",
    "stroke_width": "1.6",
    "stroke_linecap": "round",
    "stroke_linejoin": "round",
    "aria_hidden": "true",
}
OPERATIONS = (
    Operation(method="GET", path="/", scope="upload", summary="Upload files", handler=upload),
    Operation(
        method="POST",
        path="/uploads",
        scope="upload",
        summary="Take the files of a form",
        handler=take,
        brings_file=True,
    ),
)
