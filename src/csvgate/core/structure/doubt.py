"""Candidates in; why the best of them may be the wrong one, in words, out: '' where nothing speaks for another.

Files of an ordinary dialect give no doubt: a rival must read every record as evenly, and split what is no number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from csvgate.core.structure.candidates import Candidate
from csvgate.core.structure.header import kind_of

# A rival with less of the best one's score is none.
CLOSE = 0.3
# Where fewer records have the width of the table, it may be no table of that delimiter.
HALF = 0.5
NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a pipe", " ": "a space", ":": "a colon"}
_BLANKS = re.compile(" {2,}")
# A time, as logs begin their lines with it (ISO 8601, syslog, and that of web servers), and words behind it.
_LOGGED = re.compile(
    r"(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
    r"|\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:\S+)\s+\S*[^\W\d]\S*\s"
)
_CLOCK, _MILLISECONDS = re.compile(r"\d\d:\d\d:\d\d\Z"), re.compile(r"\d{3}\s+\S*[^\W\d]")
# Where nearly all lines are a log's, it is one; a message of one line is told where there is no record.
NEARLY_ALL, FEWEST_LINES, FEWEST_BLANKS = 0.9, 2, 2


def doubt_about(best: Candidate, others: Sequence[Candidate]) -> str:
    """Another delimiter reads the head as well, or the best one does not read it well."""
    delimiter = named(best.delimiter)
    if rival := next((other for other in others if _is_close(best, other)), None):
        other = f"with {named(rival.delimiter)}, it would have {rival.width}"
        return f"read with {delimiter} between cells, the file has {best.width} columns; {other}"
    if all(map(_splits_a_time, best.rows)):
        return "read with a comma between cells, but it stands in times of a log, before their milliseconds"
    if best.consistency < HALF:
        widths = sorted(map(len, best.rows))
        return f"read with {delimiter} between cells, the first records have from {widths[0]} to {widths[-1]} of them"
    return ""


def doubt_about_hint(hinted: str, found: str) -> str:
    """The first line names a delimiter that separates nothing."""
    return f"line 1 says that {named(hinted)} stands between cells; none does, so it was read with {named(found)}"


def doubt_about_only_column(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Rows of an only column have more cells, or their values look as if they held several."""
    if longer := sum(len(row) > len(rows[0]) for row in rows):
        more = f"{longer} of the first {len(rows)} lines hold {named(delimiter)}"
        return f"read as one column, as no delimiter makes a table of it; but {more}"
    lines = [row[0] for row in rows]
    if mark := next((mark for mark in NAMES if len(mark.strip(" :")) and _splits_evenly(lines, mark)), None):
        return f"read as one column, as quotes stand around each whole line; but each holds {named(mark)}"
    if len(lines) > 1 and len(parts := {len(_BLANKS.split(line.strip())) for line in lines}) == 1 and max(parts) > 1:
        return f"read as one column, but blanks line up {max(parts)} columns of fixed width"
    return _doubt_about_text(lines)


def _doubt_about_text(lines: Sequence[str]) -> str:
    """They are no values, but what a program has to say."""
    if len(lines) < FEWEST_LINES:
        return ""
    if sum(_LOGGED.match(line) is not None for line in lines) >= NEARLY_ALL * len(lines):
        return "read as one column, but its lines begin with a time and go on in words, as those of a log do"
    if lines[0].startswith("#") and lines[0].count(" ") >= FEWEST_BLANKS:
        return "read as one column, but its first line is written like a comment, not like a name"
    if lines[0].rstrip().endswith((".", ":", "!", "?")) and lines[0].count(" ") >= FEWEST_BLANKS:
        return "read as one column, but its first line reads like a message, not like a name"
    return ""


def _splits_evenly(lines: Sequence[str], mark: str) -> bool:
    """Each of the lines would have the same number of cells, and the mark is no part of a sentence."""
    counts = {line.count(mark) for line in lines}
    return len(lines) > 1 and len(counts) == 1 and 0 not in counts and not any(f"{mark} " in line for line in lines)


def _splits_a_time(row: Sequence[str]) -> bool:
    """As Python's `logging` writes times: 2024-01-31 10:30:59,123."""
    return len(row) > 1 and bool(_CLOCK.search(row[0])) and bool(_MILLISECONDS.match(row[1]))


def named(delimiter: str) -> str:
    """A delimiter as people say it."""
    return NAMES.get(delimiter) or f"{delimiter!r}"


def _is_close(best: Candidate, rival: Candidate) -> bool:
    """All records are as even with the other delimiter, and not because it stands in numbers or times."""
    if not rival.is_even or rival.start != best.start or rival.score < CLOSE * best.score:
        return False
    cells = [cell for row in best.rows for cell in row if rival.delimiter in cell]
    return any(kind_of(cell) == "text" for cell in cells)
