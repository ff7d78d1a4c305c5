"""The first rows of a file, as one delimiter reads them, in; the row with which the table begins out.

Before it stand titles, and what an export says of itself: a name and its value on each line, perhaps filled up with
delimiters to the width of the table, as spreadsheets do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from csvgate.core.structure.header import is_name, judge_header, kind_of, stands_above_values

MAX_PREAMBLE = 50
# So many rows are looked at closely.
TRIED = 51
# Fewer rows with typical columns may as well be names with their values.
FEWEST_RECORDS = 4
# A name and its value.
MOST_FILLED = 2
# A header and a record.
FEWEST = 2
# A name and a colon, behind which its value stands, in this cell or the next.
_LABEL = re.compile(r"\w\s*:(?:\s|$)")


def behind_labels(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows from the first on that is no label, with a colon, and its value; all, where every row is."""
    first = next(
        (at for at, row in enumerate(rows) if not row[0].rstrip().endswith(":") or _filled(row) > MOST_FILLED), 0
    )
    return rows[first:]


def behind_facts(rows: Sequence[Sequence[str]], breaks: AbstractSet[int]) -> int:
    """How many rows are names with their values, without a colon; behind them, mostly after a blank line, is a header.

    0 where there are none, or where they may as well be a table.
    """
    stop = next((at for at, row in enumerate(rows) if len(row) > MOST_FILLED), len(rows))
    ends = sorted({stop, *breaks}, reverse=True)
    return next((at for at in ends if 0 < at <= MAX_PREAMBLE and _is_table_behind_facts(rows, at)), 0)


def _is_table_behind_facts(rows: Sequence[Sequence[str]], at: int) -> bool:
    """A header above values of a width that holds, and before it rows that are no table of their own."""
    facts, table = rows[:at], rows[at:]
    if len(table) < FEWEST or len(table[0]) != len(table[1]) or len(table[0]) < _least_width(facts):
        return False
    if judge_header(table) != "sure" or not stands_above_values(table):
        return False
    is_alike = len(facts[0]) == len(table[0]) and (stands_above_values(facts) or facts[0] == table[0])
    return not (is_alike or all(map(is_name, facts[0])) or _is_table(facts))


def _least_width(facts: Sequence[Sequence[str]]) -> int:
    """Of a table behind them: twice theirs, where they are more than names with their values."""
    widest = max(map(len, facts))
    return MOST_FILLED if widest <= MOST_FILLED else 2 * widest


def first_of_table(rows: Sequence[Sequence[str]], width: int) -> int:
    """The number of rows before the table, which has `width` columns; its header may be a cell short."""
    for is_before in (_is_before_or_facts, _is_before):
        behind = next((at for at, row in enumerate(rows[:TRIED]) if not is_before(row, width)), 0)
        if behind and _is_header_behind(rows, behind, width):
            return behind
    return next(at for at, row in enumerate(rows) if len(row) >= width or (len(row) > 1 and at == 0))


def is_lone_name(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """The first line names one column: below it each whole line is a value, of which the delimiter is a part."""
    body = rows[1:TRIED]
    return len(rows[0]) == 1 and bool(body) and all(kind_of(delimiter.join(row)) not in ("", "text") for row in body)


def _is_before(row: Sequence[str], width: int) -> bool:
    """By its looks: narrower than the table, or filled at its beginning only."""
    return len(row) < width or (not row[-1].strip() and _filled(row) <= MOST_FILLED)


def _is_before_or_facts(row: Sequence[str], width: int) -> bool:
    """Or it ends early, and tells names with their values; a header of years that ends so is told by what follows."""
    return _is_before(row, width) or (not row[-1].strip() and _states_facts(row))


def _states_facts(row: Sequence[str]) -> bool:
    """Names stand beside their values, or before them and a colon."""
    return bool(_LABEL.search(row[0])) or any(kind_of(cell) not in ("", "text") for cell in row)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_header_behind(rows: Sequence[Sequence[str]], at: int, width: int) -> bool:
    """Surely names of columns. One row above them that has their width may be of groups, which belong to the header."""
    if at > MAX_PREAMBLE or (at == 1 and len(rows[0]) == width and not _is_title(rows[0])):
        return False
    return judge_header(rows[at:]) == "sure" and not _is_table(behind_labels(rows[:at]))


def _is_title(row: Sequence[str]) -> bool:
    """Only the first cell is filled."""
    return bool(row[0].strip()) and _filled(row) == 1


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """What stands before a header is records of its own: they begin with values, or their columns are of values."""
    records = [row for row in rows if _filled(row) > 1]
    if any(kind_of(row[0]) not in ("", "text") for row in records[1:]):
        return True
    return len(records) >= FEWEST_RECORDS and stands_above_values(records)
