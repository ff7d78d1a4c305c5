"""Regular expressions for numbers, dates and times that are written in ways which are not read.

They are text, and their column says so: (5.00) and 5.00- may be debts, 12 % may be 0.12, and 31.12.24 has no century.
None of them holds a letter that stands in no number.
"""

from __future__ import annotations

_SIGN, _MONEY = "[+\u2212-]", "[$\u20ac\u00a3\u00a5]"
_FIGURE = "(?:[0-9][0-9.,'\u2019]*+)"
_DAY = "[0-3][0-9]"
_SHORT = "|".join(f"{_DAY}{mark}{_DAY}{mark}[0-9]{{2}}" for mark in ("[.]", "/", "-"))
_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

ODD_NUMBER = "|".join((
    rf"{_SIGN}?+{_MONEY}? ?+{_SIGN}?+{_FIGURE} ?+(?:{_MONEY}|%)",
    rf"{_SIGN}?+{_MONEY} ?+{_SIGN}?+{_FIGURE}",
    rf"[(]{_MONEY}?+ ?+{_FIGURE} ?+{_MONEY}?+[)]",
    f"{_FIGURE}[-\u2212]",
    f"\u2212{_FIGURE}",
    "[+-]?+[0-9]++,[0-9]++[eE][+-]?+[0-9]{1,3}",
    r"[+-]?+[1-9][0-9]?+(?:,[0-9]{2}){1,6},[0-9]{3}(?:[.][0-9]++)?+",
    rf"[ \t]++[+-]?+{_FIGURE}[ \t]*+|[+-]?+{_FIGURE}[ \t]++",
))  # fmt: skip
ODD_TIME = "|".join((
    _SHORT,
    rf"(?:{_ISO_DAY}[T ])?+24:00(?::00(?:[.]0++)?+)?+Z?+",
    rf"(?:{_ISO_DAY}[T ])?+[0-2][0-9]:[0-5][0-9]:60(?:[.][0-9]++)?+Z?+",
))  # fmt: skip
