"""The values of a column of text in; the name of the pattern that all of them have out.

The list is closed, and no value has two of them. The names are those of formats in Table Schema and JSON Schema.
Whether an address is in use, or a host exists, is not asked.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection

_HEX = "[0-9A-Fa-f]"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_GROUP = f"{_HEX}{{1,4}}+"

# What repeats is possessive: a match is linear, whatever the value.
PATTERNS = {
    # RFC 5321, section 4.1.2, as people write it: no quotes, and a host with a top-level domain.
    "email": r'[^\x00-\x1f\s@,;:<>()"]++@(?:[\w-]++\.)++[^\W\d_][\w-]++',
    # RFC 3986 and 3987; only where two slashes follow the scheme, as `note: text` is a URI, too.
    "uri": r'[A-Za-z][A-Za-z0-9+.-]*+://[^\x00-\x1f\s<>"{}|\\^`]++',
    # RFC 9562, section 4.
    "uuid": f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
    "ipv4": _IPV4,
    # RFC 4291, section 2.2: eight groups, or fewer with `::` once; the last two may be written as IPv4.
    "ipv6": (
        rf"(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{6}}{_IPV4}"
        rf"|(?!(?::{{0,2}}+{_HEX}++){{8}})(?:{_GROUP}(?::{_GROUP})*+)?+::(?:(?:{_GROUP}:)*+(?:{_IPV4}|{_GROUP}))?+"
    ),
    # IEEE 802, section 8.1.
    "mac": f"{_HEX}{{2}}(?:(?::{_HEX}{{2}}){{5}}|(?:-{_HEX}{{2}}){{5}})",
}
_ONE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in PATTERNS.items()))


def pattern_of(values: Collection[str]) -> str | None:
    """The name of the pattern that all values have; None where they have none, or are none."""
    found = _ONE.fullmatch(next(iter(values), ""))
    # As no value has two patterns, the first one says which it can be.
    return found.lastgroup if found and found.lastgroup and _all_have(found.lastgroup, values) else None


def _all_have(name: str, values: Collection[str]) -> bool:
    """One match over all values, each on a line of its own."""
    lines = "\n".join(values) + "\n"
    return bool(_lines_of(name).fullmatch(lines)) and lines.count("\n") == len(values)


@functools.cache
def _lines_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{PATTERNS[name]})\n)*+")
