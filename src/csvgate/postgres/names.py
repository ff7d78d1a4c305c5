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


def safe_names(labels: Iterable[str], taken: Collection[str] = RESERVED) -> tuple[str, ...]:
    """A name for each label, in order: letters of any script, digits and `_`, at most 63 bytes, none of `taken`."""
    used = set(taken)
    names = []
    for position, label in enumerate(labels, start=1):
        name = _free(_plain(label) or f"column_{position}", used)
        used.add(name)
        names.append(name)
    return tuple(names)


def _plain(label: str) -> str:
    return _ODD.sub("_", label.lower()).strip("_")


def _free(name: str, used: Collection[str]) -> str:
    """The name, or the first of `name_2`, `name_3` and so on that is free."""
    number, suffix = 1, ""
    while (cut := _cut(name, suffix)) in used:
        number += 1
        suffix = f"_{number}"
    return cut


def _cut(name: str, suffix: str) -> str:
    """At most 63 bytes, no character cut in two."""
    return name.encode("utf-8", "ignore")[: LONGEST - len(suffix)].decode("utf-8", "ignore") + suffix
