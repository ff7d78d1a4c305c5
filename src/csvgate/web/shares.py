"""A delivery in; a link that shows its receipt to whoever has it, for a while, out.

The link is the key: 256 random bits, of which a digest is kept. It opens one receipt and nothing else.
"""

from __future__ import annotations

import json
import re
import secrets
from datetime import datetime, timedelta

from csvgate.delivery import Delivery
from csvgate.delivery_json import instant
from csvgate.web.access import digest
from csvgate.web.operations import Asked

FOLDER = "shares/"
LASTS = timedelta(days=30)
SECRET_BYTES = 32
_SECRET = re.compile(r"[0-9A-Za-z_-]{43}")


def shared(asked: Asked, delivery: Delivery) -> tuple[str, datetime]:
    """The secret of a new link, and when it ends."""
    secret, ends = secrets.token_urlsafe(SECRET_BYTES), asked.now + LASTS
    kept = {"delivery_id": delivery.delivery_id, "token_id": asked.token.token_id, "expires_at": instant(ends)}
    ports = asked.door.ports
    ports.objects.write(ports.results_bucket, _key(secret), json.dumps(kept).encode(), "application/json")
    return secret, ends


def opened(asked: Asked, secret: str) -> Delivery | None:
    """The delivery that the link shows; None if it is no link, or one that has ended, or its token counts no more."""
    ports = asked.door.ports
    found = ports.objects.read(f"s3://{ports.results_bucket}/{_key(secret)}") if _SECRET.fullmatch(secret) else None
    kept = json.loads(found) if found else None
    if kept is None or asked.now >= datetime.fromisoformat(kept["expires_at"]):
        return None
    maker = asked.door.tokens.get(kept["token_id"])
    return ports.catalog.get(kept["delivery_id"]) if maker and not maker.revoked else None


def _key(secret: str) -> str:
    return f"{FOLDER}{digest(secret)}.json"
