"""What goes wrong with a request in; one answer out, as RFC 9457 has it, with the id by which the log knows more."""

from __future__ import annotations

from http import HTTPStatus

from csvgate.errors import CsvgateError, TransientError

MEDIA_TYPE = "application/problem+json"
AGAIN_SECONDS = 5
# The same request may be right after a while.
LATER = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class Problem(Exception):
    """The request cannot be done; `detail` is for whoever made it, and names nothing of the inside.

    `more` is told with it; of what may be done later, always in how many seconds (`retry_after`).
    """

    def __init__(self, status: HTTPStatus, detail: str, **more: object) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.more = {"retry_after": AGAIN_SECONDS, **more} if status in LATER else more

    def document(self, request_id: str) -> dict[str, object]:
        """As JSON."""
        told = {"type": "about:blank", "title": self.status.phrase, "status": int(self.status)}
        return {**told, "detail": self.detail, **self.more, "request_id": request_id}


class NotFound(Problem):
    """There is no such thing, or it belongs to somebody else: both look alike."""

    def __init__(self, what: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, f"there is no such {what}")


def problem_of(exc: CsvgateError) -> Problem:
    """What may be told of an error of ours: never its words, which name buckets, tables and keys."""
    if isinstance(exc, TransientError):
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "something that csvgate needs does not answer; try again")
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "this cannot be done; whoever runs the service finds the reason by the request id",
    )
