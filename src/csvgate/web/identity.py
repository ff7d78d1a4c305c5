"""A request in; whose it is, out: by a bearer token, or by the cookie that signing in has set.

A cookie is sent by whatever page makes the browser ask, so with a cookie a change must come from a page of our own.
"""

from __future__ import annotations

from http import HTTPStatus

from werkzeug.wrappers import Request, Response

from csvgate.web.access import Token
from csvgate.web.door import Door
from csvgate.web.operations import Operation
from csvgate.web.problems import Problem

COOKIE = "csvgate_token"
COOKIE_SECONDS = 30 * 24 * 3600
BEARER = "bearer "


def holder(request: Request, door: Door) -> Token | None:
    """The token with which the request came, if it counts."""
    text = _bearer(request)
    return door.tokens.holder(request.cookies.get(cookie(is_local=door.is_local), "") if text is None else text)


def _bearer(request: Request) -> str | None:
    """What no other site can make a browser send; Basic it could, with an address that holds a password."""
    header = request.headers.get("Authorization", "")
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else None


def admit(request: Request, operation: Operation, door: Door) -> Token | None:
    """Whoever asks may do this; Problem 401 if nobody knows who it is, 403 if it is not theirs to do."""
    known = holder(request, door)
    if operation.scope and known is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "a token is needed, and this is none that counts")
    if operation.scope and known and not known.allows(operation.scope):
        raise Problem(HTTPStatus.FORBIDDEN, f"the token may not do this: it needs the scope {operation.scope}")
    # Signing somebody else in would be a change, too.
    if operation.changes and _bearer(request) is None:
        require_own_page(request, door.public_url)
    return known


def require_own_page(request: Request, public_url: str = "") -> None:
    """The browser says that a page of this service asks; Problem 403 if it does not.

    Where a proxy is in front, only `public_url` tells how browsers call the service: what it sends along is not asked.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = public_url or request.host_url.rstrip("/")
    is_ours = origin == own if origin else site in {"same-origin", "none"}
    if not is_ours or site not in {None, "same-origin", "none"}:
        raise Problem(HTTPStatus.FORBIDDEN, "this must be asked for by a page of this service")


def cookie(*, is_local: bool) -> str:
    """Its name; over TLS browsers take it from this very host alone, and not from a neighbour in its domain."""
    return COOKIE if is_local else f"__Host-{COOKIE}"


def sign_in(response: Response, text: str, *, is_local: bool) -> None:
    """The browser keeps the token where no script can read it, and tells it to nobody else."""
    name, secure = cookie(is_local=is_local), not is_local
    response.set_cookie(name, text, max_age=COOKIE_SECONDS, httponly=True, samesite="Strict", secure=secure, path="/")


def sign_out(response: Response, *, is_local: bool) -> None:
    """The browser forgets the token."""
    name, secure = cookie(is_local=is_local), not is_local
    response.delete_cookie(name, httponly=True, samesite="Strict", secure=secure, path="/")
