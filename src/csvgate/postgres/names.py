"""Labels as a file has them in; names that PostgreSQL takes, no two the same, out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

# NAMEDATALEN - 1; what is longer is cut by the server, so that two names may become one.
LONGEST = 63
# Columns that every table has, and those that ours have beside the file's.
OURS = ("_delivery", "_row")
RESERVED = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", *OURS})
_ODD = re.compile(r"\W+")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(label: str) -> str:
    """The label, with an escape for each character that PostgreSQL cannot store: NUL, and half a surrogate pair."""
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", label)


def safe_names(labels: Iterable[str], taken: Collection[str] = RESERVED, longest: int = LONGEST) -> tuple[str, ...]:
    """A name for each label, in order: letters of any script, digits and `_`, of 63 bytes at most, none of `taken`."""
    used = set(taken)
    names = []
    for position, label in enumerate(labels, start=1):
        name = _free(_plain(label) or f"column_{position}", used, longest)
        used.add(name)
        names.append(name)
    return tuple(names)


def _plain(label: str) -> str:
    return _ODD.sub("_", label.lower()).strip("_")


def _free(name: str, used: Collection[str], longest: int) -> str:
    """The name, or the first of `name_2`, `name_3` and so on that is free."""
    number, suffix = 1, ""
    while (cut := _cut(name, longest - len(suffix)) + suffix) in used:
        number += 1
        suffix = f"_{number}"
    return cut


def _cut(name: str, length: int) -> str:
    """At most so many bytes, no character cut in two."""
    return name.encode("utf-8", "ignore")[:length].decode("utf-8", "ignore")
