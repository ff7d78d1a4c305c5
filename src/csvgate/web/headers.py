"""A response in; the same with what keeps browsers from doing more with it than was meant, out."""

from __future__ import annotations

from werkzeug.wrappers import Response

# The pages load their own style sheets and modules and nothing else; uploads go to the store that the service names.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'{elsewhere}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


def secured(response: Response, *, request_id: str, upload_origin: str = "") -> Response:
    """`upload_origin`: where the browser may send parts of files to, besides here."""
    elsewhere = f" {upload_origin}" if upload_origin else ""
    response.headers["Content-Security-Policy"] = POLICY.format(elsewhere=elsewhere)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # With `no-referrer` browsers send forms of our own with `Origin: null`, which nobody can tell from a stranger's.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers["X-Request-Id"] = request_id
    response.headers.setdefault("Cache-Control", "no-store")
    return response
