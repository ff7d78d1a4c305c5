"""The first records of a table in; whether the first of them is a header, and how sure that is, out."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

HeaderJudgement = Literal["sure", "unsure", "absent"]
BODY_ROWS = 200
# A column has a kind if nearly all its values do.
NEARLY_ALL = 0.9

_NUMBER = re.compile(
    r"[-+]?[€$£]?\d{1,3}(?:[ ,.']?\d{3})*(?:[.,]\d+)?(?:[eE][-+]?\d+)?%?|[-+]?\d*[.,]?\d+(?:[eE][-+]?\d+)?"
)
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: \d.*)?")
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_BOOLEAN = re.compile(r"(?i:true|false|yes|no)")
_CODE = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[^@\s]+@[^@\s]+\.[a-z]{2,}|https?://\S+")
_KINDS = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern.pattern})"
        for kind, pattern in (
            ("number", _NUMBER),
            ("date", _DATE),
            ("time", _TIME),
            ("boolean", _BOOLEAN),
            ("code", _CODE),
        )
    ),
    re.ASCII,
)
# No value that shows its kind at a glance is longer.
_LONGEST = 80
_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]*)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_WORDS = re.compile(r"[^\W\d_]+")
# Words that name columns, in the languages that most files come in.
_NAMES = frozenset(
    """
    id uid key no nr num number nummer name names vorname nachname nom prenom nombre apellido first last surname
    firstname lastname full title titel type typ kind category kategorie class group gruppe code city stadt ort ville
    ciudad country land pays pais region state staat province county address adresse direccion street strasse plz zip
    postcode postal email mail phone telefon tel fax mobile date datum fecha day tag jour month monat mois year jahr
    annee time zeit heure timestamp created updated start end begin from to value wert valeur valor amount betrag
    montant price preis prix precio cost total sum summe count anzahl quantity menge qty unit einheit currency
    status description beschreibung comment comments kommentar note notes text message remark bemerkung url link
    website age alter sex gender geschlecht latitude longitude lat lon lng company firma customer kunde client order
    product produkt article artikel item sku user account department abteilung level rank score rating color colour
    size weight width height length source target label species language version index field column
    """.split()  # noqa: SIM905  a list of 150 quoted words cannot be read
)


def kind_of(cell: str) -> str:
    """The kind of value that a cell shows at a glance; '' for an empty one, `text` where it shows none."""
    return _kind(cell) if len(cell) <= _LONGEST else "text"


@functools.lru_cache(maxsize=4096)
def _kind(cell: str) -> str:
    text = cell.strip()
    match = _KINDS.fullmatch(text)
    return (match.lastgroup or "text") if match and text else "text" if text else ""


def judge_header(rows: Sequence[Sequence[str]]) -> HeaderJudgement:
    """The first record is the header unless types clearly say otherwise; `unsure` where nothing speaks for it."""
    first, body = rows[0], rows[1 : 1 + BODY_ROWS]
    if not body:
        return "absent" if _all_values(first) else "sure"
    columns = [[row[at] for row in body if at < len(row)] for at in range(len(first))]
    votes = [_vote(cell, column) for cell, column in zip(first, columns, strict=True)]
    names, values = votes.count("name"), votes.count("value")
    if _is_series_of_years(first):
        return "sure"
    if names and values:
        return "sure" if names > values and not any(kind_of(cell) == "number" for cell in first) else "unsure"
    if values:
        return "absent"
    return "sure" if names or _reads_like_names(first, columns) else "unsure"


def _all_values(first: Sequence[str]) -> bool:
    return all(kind_of(cell) not in ("", "text") for cell in first)


def _vote(cell: str, column: Sequence[str]) -> Literal["name", "value", ""]:
    """What one column says: its first cell is of the kind of the others (a value), or not (a name)."""
    kinds = [kind for kind in map(kind_of, column) if kind]
    if not kinds:
        return ""
    common = max(set(kinds), key=kinds.count)
    if common == "text" or kinds.count(common) < NEARLY_ALL * len(kinds):
        return ""
    first = kind_of(cell)
    if first == common:
        return "value"
    return "name" if first == "text" else ""


def _is_series_of_years(first: Sequence[str]) -> bool:
    """Years one after the other name columns: they do not continue the column below them."""
    years = [int(cell) for cell in first if re.fullmatch(r"(?:19|20)\d\d", cell.strip())]
    steps = {later - earlier for earlier, later in pairwise(years)}
    return steps in ({1}, {-1}, {5}, {10})


def _reads_like_names(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """All cells differ, none comes again below, and one is written as names of columns are."""
    cells = [cell.strip() for cell in first]
    if len(set(cells)) < len(cells) or any(cell in column for cell, column in zip(cells, columns, strict=True)):
        return False
    return any(_IDENTIFIER.fullmatch(cell) or _NAMES & set(_WORDS.findall(cell.lower())) for cell in cells)
