"""The parts of a page in; the page in the frame that all of them have, out."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from csvgate.report.markup import Child, Markup, element
from csvgate.web.access import Scope
from csvgate.web.operations import HTML, Asked

PLACES: tuple[tuple[str, str, Scope], ...] = (
    ("/", "Upload", "upload"),
    ("/deliveries", "Deliveries", "read"),
    ("/feeds", "Feeds", "read"),
    ("/failures", "Failures", "operate"),
)
SHEETS = ("/receipt.css", "/static/app.css")


def page(asked: Asked, title: str, *parts: Child, module: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The page; `module` is the file of its script, which it also works without."""
    body = element("body", skip(), banner(asked), element("main", *parts, id="main"), class_="app")
    return Response(document(title, body, module=module), int(status), content_type=HTML)


def document(title: str, body: Markup, *, module: str = "") -> str:
    """All of the HTML."""
    script = element("script", type="module", src=f"/static/{module}") if module else None
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} · csvgate"),
        element("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        [element("link", rel="stylesheet", href=sheet) for sheet in SHEETS],
        script,
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def skip() -> Markup:
    """For those who come with the keyboard."""
    return element("a", "Skip to the content", href="#main", class_="skip")


def banner(asked: Asked) -> Markup:
    """Where one is, and where one can go."""
    here = urlsplit(asked.url).path
    links = [_link(path, name, here) for path, name, scope in PLACES if asked.holder and asked.holder.allows(scope)]
    home = element("a", element("span", "csv", element("b", "gate")), href="/", class_="home")
    return element("header", home, element("nav", links, aria_label="Pages"), _holder(asked), class_="banner")


def _link(path: str, name: str, here: str) -> Markup:
    is_here = here == path or (path != "/" and here.startswith(f"{path}/"))
    return element("a", name, href=path, aria_current="page" if is_here else None)


def _holder(asked: Asked) -> Markup | None:
    if asked.holder is None:
        return None
    button = element("button", "Sign out", class_="quiet")
    form = element("form", button, method="post", action="/sign-out")
    return element("div", element("span", asked.holder.name, class_="who"), form, class_="holder")
