"""The name of a file in; the key under which it goes out: no key is made up for a name that can be one."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from csvgate.report.escape import HOSTILE

LONGEST = 512
NAMELESS = "unnamed"
# S3 takes 2 KB of metadata in all.
LONGEST_TOLD = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """The key, and what the object says of the name that its sender gave, in ASCII."""

    key: str
    metadata: Mapping[str, str] = field(default_factory=dict)


def named(name: str, tenant: str, mark: str = "") -> Named:
    """The key begins with the tenant, whatever the name; with a mark it is the same each time.

    A name that could be taken for a path, or shows something else than it is, stays the object's metadata alone.
    """
    plain = unicodedata.normalize("NFC", name)
    if _is_plain(plain) and len(f"{tenant}{plain}".encode()) <= LONGEST:
        return Named(key=f"{tenant}{plain}")
    told = quote(name.encode("utf-8", "replace")[:LONGEST_TOLD])[:LONGEST_TOLD]
    return Named(key=f"{tenant}{NAMELESS}/{mark or uuid.uuid4().hex}.csv", metadata={"filename": told})


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    has_odd_parts = any(part in {"", ".", ".."} or part != part.strip() for part in parts)
    return not has_odd_parts and "\\" not in name and not HOSTILE.search(name)
