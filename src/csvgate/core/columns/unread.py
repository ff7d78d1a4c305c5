"""Regular expressions for numbers, dates and times that are written in ways which are not read.

They are text, and their column says so: (5.00) and 5.00- may be debts, 12 % may be 0.12, and 31.12.24 has no century.
None of them holds a letter that stands in no number, but for AM, PM, UTC, GMT and `inf`.
"""

from __future__ import annotations

_SIGN, _MONEY = "[+\u2212-]", "[$\u20ac\u00a3\u00a5]"
_FIGURE = "(?:[0-9][0-9.,'\u2019]*+)"
# Blanks that are seen, and characters that nobody sees: around a number they spoil it.
_AROUND = "[ \t\u00a0\u00ad\u2007\u200b\u202f\u2060\ufeff]"
# A digit that is not one of ASCII, such as Arabic-Indic or full-width: Python's `int` reads it, little else does.
_FOREIGN = r"(?![0-9])\d"
_FOREIGN_MARKS = "\u066b\u066c\uff0c\uff0e"
_DAY = "[0-3][0-9]"
_ODD_DAY = "|".join((
    *(f"{_DAY}{mark}{_DAY}{mark}[0-9]{{2}}" for mark in ("[.]", "-")),
    # Between points, a digit alone may as well be that of a version.
    "[0-3]?[0-9]/[0-3]?[0-9]/[0-9]{2}",
    f"[12][0-9]{{3}}[.][01][0-9][.]{_DAY}[.]?",
))  # fmt: skip
_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ANY_DAY = rf"(?:{_ISO_DAY}|[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{4}})"
_TWELVE = "(?:1[0-2]|0?[1-9])"
_MOMENT = rf"{_ISO_DAY}[T ][0-2][0-9](?::[0-5][0-9]){{1,2}}"
_ZONE = "[+-][0-2][0-9](?::?[0-5][0-9])?+"

# As programs write a number that is too large.
INFINITE = ("inf", "infinity")
_INFINITE = rf"[+-]?+(?i:{'|'.join(INFINITE)})"
_FIGURES = "|".join((
    rf"{_SIGN}?+{_MONEY}? ?+{_SIGN}?+{_FIGURE} ?+(?:{_MONEY}|%)",
    rf"{_SIGN}?+{_MONEY} ?+{_SIGN}?+{_FIGURE}",
    rf"[(]{_MONEY}?+ ?+{_FIGURE} ?+{_MONEY}?+[)]",
    f"{_FIGURE}[-\u2212]",
    f"\u2212{_FIGURE}",
    "[+-]?+[0-9]++,[0-9]++[eE][+-]?+[0-9]{1,3}",
    r"[+-]?+[1-9][0-9]?+(?:,[0-9]{2}){1,6},[0-9]{3}(?:[.][0-9]++)?+",
    rf"{_AROUND}++[+-]?+{_FIGURE}{_AROUND}*+|[+-]?+{_FIGURE}{_AROUND}++",
    rf"{_SIGN}?+\u221e",
    rf"[+\u2212\uff0b\uff0d-]?+{_FOREIGN}[\d.,{_FOREIGN_MARKS}]*+",
))  # fmt: skip
# Most texts begin with a letter: so they are told fastest.
ODD_NUMBER = rf"(?![A-Za-z])(?:{_FIGURES})|{_INFINITE}"
FOREIGN_TIME = rf"{_FOREIGN}\d{{0,3}}(?:[-/.]\d{{1,2}}[-/.]\d{{1,4}}|(?::\d{{2}}){{1,2}})"
# A zone by its name: it is read behind a blank, and not behind a decimal comma.
NAMED_ZONE = rf"{_MOMENT}(?:[.,][0-9]++)?+ ?+(?:UTC|GMT)"
ODD_TIME = "|".join((
    _ODD_DAY,
    rf"(?:{_ISO_DAY}[T ])?+24:00(?::00(?:[.]0++)?+)?+Z?+",
    rf"(?:{_ISO_DAY}[T ])?+[0-2][0-9]:[0-5][0-9]:60(?:[.][0-9]++)?+Z?+",
    rf"(?:{_ISO_DAY}[T ])?+[0-9]:[0-5][0-9](?::[0-5][0-9])?+",
    rf"(?:{_ANY_DAY}[T ])?+{_TWELVE}(?:(?::[0-5][0-9]){{1,2}}[AaPp][Mm]| [AaPp][Mm])",
    rf"{_ISO_DAY}[T ]{_TWELVE}(?::[0-5][0-9]){{1,2}} [AaPp][Mm]",
    rf"{_MOMENT},[0-9]++(?: ?+(?:{_ZONE}|Z|UTC|GMT))?+|{_MOMENT}(?:[.][0-9]++)?+(?:UTC|GMT)",
    FOREIGN_TIME,
))  # fmt: skip
