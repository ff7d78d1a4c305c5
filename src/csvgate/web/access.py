"""A token's text in; who may do what, out. Pure: what is kept of a token is its digest, and its text is told once.

A token is `csvgate_<id>_<secret>`: the id finds its record, the secret has 256 random bits, so a plain digest is enough
(nothing can be guessed that a slow one would have to protect).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

# upload: put files in, and see what became of one's own. read: see deliveries, feeds, receipts.
# operate: see failures and put them back, and read the figures.
Scope = Literal["upload", "read", "operate"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
ID_BYTES, SECRET_BYTES = 8, 32
_TEXT = re.compile(r"csvgate_([0-9a-f]{16})_([0-9A-Za-z_-]{43})")
# A key may begin with it: nothing that a path, a pattern or an address would take for something else.
_TENANT = re.compile(r"(?:[a-z0-9][a-z0-9._-]{0,62}/)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What is kept of a token; its holder sees, and puts, keys that begin with `tenant`: '' or `name/`."""

    token_id: str
    digest: str
    name: str
    scopes: frozenset[Scope]
    tenant: str = ""
    expires_at: datetime | None = None
    revoked: bool = False

    def allows(self, scope: Scope) -> bool:
        """Whether its holder may do that."""
        return scope in self.scopes

    def sees(self, key: str) -> bool:
        """Whether an object of that key is the holder's business."""
        return key.startswith(self.tenant)

    def counts(self, now: datetime) -> bool:
        """Whether it opens anything at that time."""
        return not self.revoked and (self.expires_at is None or now < self.expires_at)

    def is_valid(self, secret: str, now: datetime) -> bool:
        """Whether the secret is that of the token, and it still counts; takes as long whatever is wrong."""
        return hmac.compare_digest(digest(secret), self.digest) and self.counts(now)

    def revocation(self) -> Token:
        """The same token, which counts no longer."""
        return replace(self, revoked=True)


def mint(
    *, name: str, scopes: frozenset[Scope], tenant: str = "", expires_at: datetime | None = None
) -> tuple[str, Token]:
    """A new token: its text, which is nowhere else, and what is kept of it; ValueError if the tenant is no name."""
    tenant = f"{tenant.rstrip('/')}/" if tenant else ""
    if not _TENANT.fullmatch(tenant):
        message = f"{tenant.rstrip('/')!r} cannot be a tenant: up to 63 of a-z, 0-9, '.', '_' and '-'"
        raise ValueError(message)
    token_id, secret = secrets.token_hex(ID_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    kept = Token(
        token_id=token_id, digest=digest(secret), name=name, scopes=scopes, tenant=tenant, expires_at=expires_at
    )
    return f"csvgate_{token_id}_{secret}", kept


def parts(text: str) -> tuple[str, str] | None:
    """The id and the secret of a token's text; None if it is none."""
    match = _TEXT.fullmatch(text)
    return (match[1], match[2]) if match else None


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
