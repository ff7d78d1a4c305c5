"""A name for a bucket in; why S3 would refuse it, or None, out.

Amazon S3 User Guide, "General purpose bucket naming rules". Emulators take any name, and AWS is later.
"""

from __future__ import annotations

import re

_ALLOWED = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_BEGINNINGS = ("xn--", "sthree-", "amzn-s3-demo-")
_ENDINGS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def objection(name: str) -> str | None:
    """What is wrong with the name, in a sentence; None if nothing is."""
    if not _ALLOWED.fullmatch(name):
        return "it has 3 to 63 lower-case letters, digits, dots and hyphens, and begins and ends with a letter or digit"
    if ".." in name or _ADDRESS.fullmatch(name):
        return "it has no two dots in a row, and does not look like an IP address"
    if name.startswith(_BEGINNINGS) or name.endswith(_ENDINGS):
        return f"names that begin with {', '.join(_BEGINNINGS)} or end with {', '.join(_ENDINGS)} are S3's own"
    return None
