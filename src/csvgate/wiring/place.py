"""Settings in; which AWS is meant, as every client of it is told, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csvgate.settings import Settings

if TYPE_CHECKING:
    from csvgate.aws.client import Where


def where(settings: Settings) -> Where:
    """What each client of AWS is made with."""
    from csvgate.aws.client import Credentials

    credentials = None
    if settings.access_key and settings.secret_key:
        credentials = Credentials(
            access_key=settings.access_key, secret_key=settings.secret_key, session_token=settings.session_token
        )
    return {"endpoint_url": settings.endpoint_url, "region": settings.region, "credentials": credentials}
