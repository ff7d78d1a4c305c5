"""The parts of a page in; the page in the frame that all of them have, out."""

from __future__ import annotations

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
    ("/docs", "API", "read"),
)
AGAIN_SECONDS = 3
SHEETS = ("/receipt.css", "/static/app.css")


def page(asked: Asked, title: str, *parts: Child, module: str = "", waits: bool = False) -> Response:
    """The page; `module` is the file of its script, which it also works without.

    One that `waits` for something is loaded anew by itself where there is no script to do better.
    """
    main = element("main", *parts, id="main", tabindex=-1)
    body = element("body", skip(), banner(asked), main, spoken(), class_="app")
    return Response(document(title, body, module=module, waits=waits), content_type=HTML)


def alone(title: str, *parts: Child) -> str:
    """A page without a banner, for who is not in yet, or not meant to be."""
    home = element("p", brand(), class_="brand")
    return document(title, element("body", element("main", home, *parts, id="main"), class_="app alone"))


def document(title: str, body: Markup, *, module: str = "", waits: bool = False) -> str:
    """All of the HTML."""
    script = element("script", type="module", src=f"/static/{module}") if module else None
    again = element("meta", http_equiv="refresh", content=AGAIN_SECONDS)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} · csvgate"),
        element("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        [element("link", rel="stylesheet", href=sheet) for sheet in SHEETS],
        script,
        element("noscript", again) if waits else None,
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def skip() -> Markup:
    """For those who come with the keyboard."""
    return element("a", "Skip to the content", href="#main", class_="skip")


def banner(asked: Asked) -> Markup:
    """Where one is, and where one can go."""
    here = urlsplit(asked.url).path
    links = [_link(path, name, here) for path, name, scope in PLACES if asked.holder and asked.holder.allows(scope)]
    home = element("a", brand(), href="/", class_="home", aria_label="csvgate, first page")
    places = element("nav", links, aria_label="Pages") if links else None
    return element("header", home, places, _holder(asked), class_="banner")


def brand() -> Markup:
    """The mark and the name."""
    mark = element("img", src="/static/icon.svg", alt="", width=22, height=22)
    return element("span", mark, "csv", element("b", "gate"))


def spoken() -> Markup:
    """What scripts say to those who listen, without moving anything."""
    return element("p", id="said", role="status", class_="unseen")


def _link(path: str, name: str, here: str) -> Markup:
    is_here = here == path or (path != "/" and here.startswith(f"{path}/"))
    return element("a", name, href=path, aria_current="page" if is_here else None)


def _holder(asked: Asked) -> Markup | None:
    if asked.holder is None:
        return None
    form = element("form", element("button", "Sign out", class_="quiet"), method="post", action="/sign-out")
    return element("div", element("span", asked.holder.name, class_="who"), form, class_="holder")
