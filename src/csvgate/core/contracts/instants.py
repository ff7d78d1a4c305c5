"""A way to read times of day or moments in; the same, but exact, out: what they are worth beyond microseconds, too.

Python's clocks cut off what is finer than a microsecond; files have nanoseconds, where they write ISO 8601.
"""

from __future__ import annotations

import re
from decimal import Decimal

from csvgate.core.columns.worth import Parse, Worth

FINER = re.compile(r"\.[0-9]{6}(?P<rest>[0-9]*[1-9])")


def exactly(parse: Parse) -> Parse:
    """The same parse, whose worth is in microseconds, and none of them cut off."""

    def worth(text: str) -> Worth:
        finer = FINER.search(text) if "." in text else None
        return parse(text) + Decimal(f"0.{finer['rest']}") if finer else parse(text)

    return worth
