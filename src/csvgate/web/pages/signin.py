"""A token in; the browser signed in with it, or out again."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qs

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from csvgate.report.markup import Markup, element
from csvgate.web import identity
from csvgate.web.bodies import pieces
from csvgate.web.operations import HTML, Asked, Operation, Reply
from csvgate.web.pages.frame import alone

FORM = "application/x-www-form-urlencoded"


def sign_in(asked: Asked) -> Reply:
    """The browser keeps the token, and goes on to where it wanted to be."""
    given = parse_qs(b"".join(pieces(asked, asked.door.limits.body)).decode("utf-8", "replace"))
    text, target = given.get("token", [""])[0].strip(), own(given.get("to", ["/"])[0])
    if asked.door.tokens.holder(text) is None:
        refused = alone("Sign in", form(target, refused=True))
        return Response(refused, int(HTTPStatus.UNAUTHORIZED), content_type=HTML)
    response = redirect(target, HTTPStatus.SEE_OTHER)
    identity.sign_in(response, text, is_local=asked.door.is_local)
    return response


def sign_out(asked: Asked) -> Reply:
    """The browser has forgotten the token."""
    response = redirect("/", HTTPStatus.SEE_OTHER)
    identity.sign_out(response, is_local=asked.door.is_local)
    return response


def form(target: str, *, refused: bool = False) -> Markup:
    """Where to say who one is."""
    field = element(
        "input",
        id="token",
        name="token",
        type="password",
        autocomplete="current-password",
        required=True,
        autofocus=True,
        aria_describedby="token-help",
        aria_invalid="true" if refused else None,
    )
    told = element("p", "This token does not count: it is unknown, revoked or expired.", role="alert", class_="wrong")
    return element(
        "form",
        element("h1", "Sign in"),
        told if refused else None,
        # Keepers of passwords file what they keep under a name.
        element("input", name="name", value="csvgate", autocomplete="username", hidden=True),
        element("label", "Token", for_="token"),
        field,
        element("p", HELP, id="token-help", class_="help"),
        element("input", type="hidden", name="to", value=target),
        element("button", "Sign in"),
        method="post",
        action="/sign-in",
        class_="sign-in",
    )


HELP = (
    "It begins with csvgate_. On your own machine it stands in .csvgate/token; else whoever runs the service has one."
)


def own(target: str) -> str:
    """A place of this service; nobody is sent elsewhere."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if is_path else "/"


OPERATIONS = (
    Operation(method="POST", path="/sign-in", scope=None, summary="Sign in", handler=sign_in),
    Operation(method="POST", path="/sign-out", scope=None, summary="Sign out", handler=sign_out),
)
