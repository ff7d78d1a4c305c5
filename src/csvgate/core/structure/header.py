"""The first records of a table in; whether the first of them is a header, or several are, and how sure that is, out.

Of several header rows one holds the names: the row above a row of units or types, the row below a row of groups.
CSVW keeps the cells of all header rows as titles of a column and takes its name from the first, pandas makes tuples of
them; a name here is always one cell, as it was written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

HeaderJudgement = Literal["sure", "unsure", "absent"]
Vote = Literal["name", "value", ""]
BODY_ROWS = 200
# A column has a kind if nearly all its values do.
NEARLY_ALL = 0.9

_NUMBER = r"[-+]?[€$£]?\d{1,3}(?:[ ,.']?\d{3})*(?:[.,]\d+)?(?:[eE][-+]?\d+)?%?|[-+]?\d*[.,]?\d+(?:[eE][-+]?\d+)?"
_DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: \d.*)?"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_BOOLEAN = "(?i:true|false|yes|no)"
_CODE = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[^@\s]++@[^@\s]+\.[a-z]{2,}|https?://\S+"
# No cell is of two kinds; those come first that are told fastest.
_PATTERNS = {"date": _DATE, "number": _NUMBER, "time": _TIME, "boolean": _BOOLEAN, "code": _CODE}
_KINDS = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()), re.ASCII)
# What most cells of two kinds look like: these are told faster than all that may be of the kind.
_PLAIN_NUMBER = r"-?+[0-9]++(?:\.[0-9]++)?+"
_PLAIN_TEXT = rf"(?!(?=[TFYNtfyn]){_BOOLEAN}\n)[^\W\d_][\w ,]*+(?<! )"
# No value that shows its kind at a glance is longer.
_LONGEST = 80
# Units and types as they stand below names: in brackets, or a word that names nothing else.
_UNIT = re.compile(
    r"""
      \[[^\]]*\] | \((?:(?!\))[\W\d_])*+[^\W\d_][^)]*+\) | \([%°€$£]\)
    | % | [€$£¥] | EUR | USD | GBP | CHF | JPY | pcs | Stk | pp[mb]
    | °[CFK]? | deg[CF]? | degrees?
    | [kMGTmµunc]?(?:m|g|s|l|L|A|V|W|Wh|J|N|Pa|Hz|B|bar|mol|eV)(?:\^?-?[23]|[²³])?
    | [kcm]?m/s | k?m/h | kg/m[³3] | [mµ]g/(?:l|L|m[³3]) | h | min | sec | ms | days? | years? | ha
    | int(?:eger)?\d* | (?:big|small)int | float\d* | double | real | number | bool(?:ean)? | string | str | text
    | (?:decimal|numeric|varchar|char)(?:\(.*\))? | date | time | datetime | timestamp
    """,
    re.VERBOSE,
)
_DASHES = re.compile(r"[-.]*")
# What `sqlcmd` draws below the names.
_UNDERLINE = re.compile(r"-{2,}|={2,}")
_BOM = "\ufeff"
# Rows of data that must stand below two header rows.
BELOW = 2
# So many words above values look like names.
WORDS_ENOUGH = 2
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What the first records are: `row_count` of them are the header, of which `name_row` (from 0) holds the names.

    `is_next_unsure`: the record below looks like one more header row, but is taken for data.
    """

    judgement: HeaderJudgement
    row_count: int = 1
    name_row: int = 0
    is_next_unsure: bool = False


def read_heading(rows: Sequence[Sequence[str]]) -> Heading:
    """The header rows of a table; several only where the later ones cannot be data or the first cannot be names."""
    if len(rows) >= 2 + BELOW and len(rows[0]) == len(rows[1]) > 1:
        if _has_units(rows):
            return Heading(judgement="sure", row_count=2)
        is_grouped = _are_groups(rows[0], rows[1])
        if is_grouped and len(rows) > 2 + BELOW and _has_units(rows[1:]):
            return Heading(judgement="sure", row_count=3, name_row=1)
        if is_grouped and _has_names(rows[1], rows[2:]):
            return Heading(judgement="sure", row_count=2, name_row=1)
        if _look_like_names(rows[1], rows[2:]) and judge_header([rows[0], *rows[2:]]) == "sure":
            return Heading(judgement="sure", is_next_unsure=True)
    judgement = judge_header(rows)
    return Heading(judgement=judgement, row_count=int(judgement != "absent"))


def _has_units(rows: Sequence[Sequence[str]]) -> bool:
    """Below a row of names stands one of units or types, or one that underlines them."""
    is_below = _is_underline(rows[1]) or (len(rows[0]) == len(rows[1]) and _are_units(rows[1], rows))
    return is_below and judge_header([rows[0], *rows[2:]]) == "sure"


def _are_units(row: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Every cell is empty or written as a unit or a type is; above a column of numbers one is that is no initial."""
    units = [at for at, cell in enumerate(row) if _UNIT.fullmatch(cell.strip())]
    others = sum(_DASHES.fullmatch(cell.strip()) is not None for cell in row)
    return len(units) + others == len(row) and any(
        _is_number(rows, at) for at in units if len(row[at]) > 1 or not row[at].isupper()
    )


def _is_underline(row: Sequence[str]) -> bool:
    return all(_UNDERLINE.fullmatch(cell.strip()) for cell in row)


def _is_number(rows: Sequence[Sequence[str]], at: int) -> bool:
    """The column is of numbers below two header rows."""
    kinds = kinds_of([row[at] for row in rows[2 : 2 + BODY_ROWS] if at < len(row)])
    return bool(kinds) and kinds.count("number") >= NEARLY_ALL * len(kinds)


def _are_groups(first: Sequence[str], second: Sequence[str]) -> bool:
    """Names of groups of columns: cells are empty or come again, which names do not, and all below are filled."""
    groups = [cell for cell in first if cell.strip()]
    is_grouping = 1 <= len(set(groups)) < len(first) and all(cell.strip() for cell in second)
    return is_grouping and all(kind_of(cell) == "text" for cell in second)


def _look_like_names(row: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """All cells are words, each another one, and some stand above values."""
    if len(set(row)) < len(row) or any(kind_of(cell) not in ("", "text") for cell in row):
        return False
    return _votes(row, body).count("name") >= WORDS_ENOUGH


def _has_names(names: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Most columns below are of values, which the names are not."""
    votes = _votes(names, body)
    return votes.count("name") * 2 >= len(names) and "value" not in votes


def stands_above_values(rows: Sequence[Sequence[str]]) -> bool:
    """The first row has text where a column below is of values."""
    return "name" in _votes(rows[0], rows[1:])


def _votes(names: Sequence[str], body: Sequence[Sequence[str]]) -> list[Vote]:
    """What each column says of the cell above it."""
    columns = _columns(body[:BODY_ROWS], len(names))
    return [_vote(cell, column) for cell, column in zip(names, columns, strict=True)]


def kinds_of_columns(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The kind that nearly all filled cells of a column have; '' where there is none."""
    width = len(rows[0]) if rows else 0
    return tuple(map(_common_kind, _columns(rows[:BODY_ROWS], width)))


def _columns(rows: Sequence[Sequence[str]], width: int) -> Sequence[tuple[str, ...]]:
    """The cells of each column; where a record is short, they lack its cell."""
    if {*map(len, rows)} == {width}:
        return list(zip(*rows, strict=True))
    return [tuple(row[at] for row in rows if at < len(row)) for at in range(width)]


def _common_kind(cells: tuple[str, ...]) -> str:
    """The kind that nearly all filled cells have; '' where there is none."""
    is_short = max(map(len, cells), default=0) <= _LONGEST
    return _kind_of_short(cells) if is_short else _kind_of_most(cells)


# Whoever asks for the header asks for the kinds of the columns, too. What is kept is short, as in _kind: a megabyte.
@functools.lru_cache(maxsize=64)
def _kind_of_short(cells: tuple[str, ...]) -> str:
    first = kind_of(cells[0]) if cells else ""
    return first if first and _all_have(first, cells) else _kind_of_most(cells)


def _kind_of_most(cells: Sequence[str]) -> str:
    kinds = [kind for kind in kinds_of(cells) if kind]
    common = max(set(kinds), key=kinds.count, default="")
    return common if kinds.count(common) >= NEARLY_ALL * len(kinds) else ""


def _all_have(kind: str, cells: Sequence[str]) -> bool:
    """One match over all cells proves it, where blanks stand around none; False is no proof of the contrary."""
    lines = "\n".join(cells) + "\n"
    return bool(_lines_of(kind).fullmatch(lines)) and lines.count("\n") == len(cells)


@functools.cache
def _lines_of(kind: str) -> re.Pattern[str]:
    if kind == "text":
        return re.compile(rf"(?:(?:{_PLAIN_TEXT}|(?!\s|(?a:{_KINDS.pattern})\n).*\S)\n)*+")
    plain = f"{_PLAIN_NUMBER}|" if kind == "number" else ""
    return re.compile(rf"(?:(?:{plain}{_PATTERNS[kind]})\n)*+", re.ASCII)


def kind_of(cell: str) -> str:
    """The kind of value that a cell shows at a glance; '' for an empty one, `text` where it shows none."""
    return _kind(cell) if len(cell) <= _LONGEST else "text"


def kinds_of(cells: Sequence[str]) -> list[str]:
    """The kind of each cell."""
    is_short = max(map(len, cells), default=0) <= _LONGEST
    return list(map(_kind if is_short else kind_of, cells))


@functools.lru_cache(maxsize=4096)
def _kind(cell: str) -> str:
    text = cell.strip()
    match = _KINDS.fullmatch(text)
    return (match.lastgroup or "text") if match and text else "text" if text else ""


def judge_header(rows: Sequence[Sequence[str]]) -> HeaderJudgement:
    """The first record is the header unless types clearly say otherwise; `unsure` where nothing speaks for it."""
    first, below = rows[0], rows[1 : 1 + BODY_ROWS]
    # The header of a file that was written behind another one says nothing of its columns.
    name, rest = first[0], first[1:]
    body = [row for row in below if row[1:] != rest or row[0].lstrip(_BOM) != name] or below
    if not body:
        return "absent" if _all_values(first) else "sure"
    votes = _votes(first, body)
    names, values = votes.count("name"), votes.count("value")
    if _is_series_of_years(first):
        return "sure"
    if names and values:
        return "sure" if names > values and not any(kind_of(cell) == "number" for cell in first) else "unsure"
    if values:
        return "absent"
    return "sure" if names or _reads_like_names(first, _columns(body, len(first))) else "unsure"


def _all_values(first: Sequence[str]) -> bool:
    return all(kind_of(cell) not in ("", "text") for cell in first)


def _vote(cell: str, column: tuple[str, ...]) -> Vote:
    """What one column says: its first cell is of the kind of the others (a value), or not (a name)."""
    common = _common_kind(column)
    if common in ("", "text"):
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


def is_name(cell: str) -> bool:
    """It is written as names of columns are."""
    return bool(_IDENTIFIER.fullmatch(cell.strip()) or _NAMES & set(_WORDS.findall(cell.lower())))


def _reads_like_names(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """All cells differ, none comes again below, and one is written as names of columns are."""
    cells = [cell.strip() for cell in first]
    if len(set(cells)) < len(cells) or any(cell in column for cell, column in zip(cells, columns, strict=True)):
        return False
    return any(map(is_name, cells))
