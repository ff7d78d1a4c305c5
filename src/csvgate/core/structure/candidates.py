"""The head of a file and a dialect in; how each delimiter that occurs would read it, with a score, best first, out.

Each is tried on the whole head, with the real scanner. Where the head shows several ways of quoting, the one is taken
that leaves the least unexplained.
"""

from __future__ import annotations

import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from csvgate.core.dialect import Dialect
from csvgate.core.structure.batch import Batch, count_lines
from csvgate.core.structure.header import kind_of, kinds_of
from csvgate.core.structure.preamble import MAX_PREAMBLE, behind_facts, behind_labels, first_of_table, is_lone_name
from csvgate.core.structure.quoting import has_every_blank, quotings
from csvgate.core.structure.scan import Scanner
from csvgate.core.text.encoding import Encoding

SAMPLE_ROWS = 300
# A moment with its zone is split by colons, or by blanks, into so many parts.
MOST_PARTS = 4
# A delimiter that also occurs in values makes a table from this many columns and records on.
SURE_WIDTH, SURE_RECORDS = 3, 3
# So many records must agree on a width.
AGREEMENT = 0.4
NARROWEST = 2
# A doubled delimiter is meant as one where nearly all records agree on it.
NEARLY_ALL = 0.9
# How often a delimiter is meant as one. Space and colon occur in values: they need more evidence (see _is_plausible).
PRIORS = {
    ",": 1.0,
    ";": 0.99,
    "\t": 0.99,
    "|": 0.97,
    "\x01": 0.97,
    "\x1f": 0.97,
    "^": 0.8,
    "~": 0.8,
    ":": 0.4,
    " ": 0.3,
}
# Where one of these is meant, its first character alone is not.
BLANK_BEHIND = {", ": 1.0, "; ": 0.99}
DOUBLED = {"||": 0.97, ";;": 0.8, "::": 0.8, "^^": 0.8, "~~": 0.8}
PAIRS = BLANK_BEHIND | DOUBLED
# In a cell, these may as well be what separates cells.
OTHER_MARKS = frozenset(";\t|")
# These make a table only from the first line on; a quote or a comment there asks for a closer look.
OFTEN_TEXT = " :"
_FIRST_LINE = re.compile(rb"""\A[\r\n]*+[^#"'\r\n][^"'\r\n]*+(?=[\r\n]|\Z)""")


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """The head as one delimiter reads it: `rows` from the table's first record on, blank lines before some of them.

    `score` says how plausible it is beside its rivals, where it has any.
    """

    dialect: Dialect
    width: int
    rows: Sequence[Sequence[str]]
    breaks: Sequence[int]
    start: int
    line: int
    score: float = 1.0

    @property
    def delimiter(self) -> str:
        """What separates the cells."""
        return self.dialect.delimiter

    def records(self, header_rows: int) -> Sequence[Sequence[str]]:
        """Those before the first blank line."""
        return self.rows[header_rows : next((at for at in self.breaks if at > header_rows), None)]

    @property
    def consistency(self) -> float:
        """The share of the records that have its width."""
        return share_of_width(self.rows, self.width)

    @property
    def is_even(self) -> bool:
        """All records have the same width."""
        return self.consistency == 1.0


def candidates(sample: bytes, base: Dialect, encoding: Encoding, *, whole: bool) -> list[Candidate]:
    """All plausible readings, best first; an even table that begins on the first line speaks against a preamble."""
    seen = [delimiter for delimiter in (*PRIORS, *PAIRS) if delimiter.encode() in sample]
    dialects = [replace(base, delimiter=delimiter) for delimiter in seen if _may_be_meant(sample, delimiter)]
    found = [one for dialect in dialects if (one := _read(sample, dialect, encoding, whole=whole))]
    if len(found) > 1:
        found = [replace(one, score=_score(one)) for one in found]
    if any(one.is_even and not one.start for one in found):
        found = [replace(one, score=one.score / 2) if one.start else one for one in found]
    halves = {one.delimiter[0] for one in found if one.delimiter in PAIRS}
    return sorted((one for one in found if one.delimiter not in halves), key=lambda one: -one.score)


def _may_be_meant(sample: bytes, delimiter: str) -> bool:
    """What can be told without reading the sample, which takes time."""
    if delimiter in BLANK_BEHIND:
        return has_every_blank(sample, delimiter.encode())
    if delimiter in OFTEN_TEXT:
        first = _FIRST_LINE.search(sample)
        return first is None or first[0].count(delimiter.encode()) >= SURE_WIDTH - 1
    return True


def _read(sample: bytes, dialect: Dialect, encoding: Encoding, *, whole: bool) -> Candidate | None:
    dialect, batch = parse(sample, dialect, encoding, whole=whole)
    rows = batch.rows[:SAMPLE_ROWS] if batch else []
    if dialect.comment_prefix is None and b"#" in sample and _has_comments(rows):
        return _read(sample, replace(dialect, comment_prefix="#"), encoding, whole=whole)
    facts = behind_facts(rows, batch.breaks) if batch else 0
    width = _width_of(behind_labels(rows[facts:]))
    if batch is None or width < NARROWEST:
        return None
    first = facts or first_of_table(rows, width)
    table = rows[first:]
    # Lines that are filled up to the width of the table speak for the delimiter, as records do.
    preamble = first if first and len(rows[0]) < width else 0
    if is_lone_name(rows, dialect.delimiter) or not _is_plausible(dialect.delimiter, table, width, preamble=preamble):
        return None
    start = batch.extent(first)[0] if first else 0
    return Candidate(
        dialect=dialect,
        width=width,
        rows=table,
        breaks=sorted(at - first for at in batch.breaks),
        start=start,
        line=batch.line_at(start),
    )


def _has_comments(rows: Sequence[Sequence[str]]) -> bool:
    """Lines that begin with # are comments if none of them has the width of the others."""
    marked = [row for row in rows if row[0].startswith("#")]
    if not marked:
        return False
    width = common_width([row for row in rows if not row[0].startswith("#")])
    return width > 0 and all(len(row) != width for row in marked)


def parse(sample: bytes, dialect: Dialect, encoding: Encoding, *, whole: bool) -> tuple[Dialect, Batch | None]:
    """The sample in that of the dialect's quotings which leaves the least unexplained."""
    trials = [(quoted, _first_batch(sample, quoted, encoding, whole=whole)) for quoted in quotings(sample, dialect)]
    return min(trials, key=lambda trial: _unexplained(sample, trial[1])) if len(trials) > 1 else trials[0]


def _unexplained(sample: bytes, batch: Batch | None) -> int:
    """Quotes that broke the rules, records of another width, and lines that could not be read."""
    if batch is None:
        return len(sample)
    width = common_width(batch.rows)
    ragged = len(batch.rows) - [*map(len, batch.rows)].count(width)
    return len(batch.faults) + ragged + count_lines(sample[len(batch.data) :])


def _first_batch(sample: bytes, dialect: Dialect, encoding: Encoding, *, whole: bool) -> Batch | None:
    # Where there are comments, none of these lines has the width of the table, whatever that is: see _has_comments.
    width = 0 if dialect.comment_prefix else NARROWEST
    scanner = Scanner(io.BytesIO(sample), dialect, encoding, width=width)
    return next(scanner.batches(is_whole=whole), None)


def share_of_width(rows: Sequence[Sequence[str]], width: int) -> float:
    """The share of the records that have so many cells."""
    return [*map(len, rows)].count(width) / len(rows)


def common_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells that most records have; the header's, if at least two records in five have it."""
    widths = Counter(map(len, rows))
    if not widths:
        return 0
    if widths[len(rows[0])] >= AGREEMENT * len(rows) and len(rows[0]) > 1:
        return len(rows[0])
    return max(widths, key=lambda width: (widths[width], width))


def _width_of(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells that most records have; of a small table among more lines of text, that of its records."""
    if (width := common_width(rows)) >= NARROWEST:
        return width
    runs = [list(run) for cells, run in itertools.groupby(rows, key=len) if cells >= SURE_WIDTH]
    table = max(runs, key=len, default=[])
    return len(table[0]) if len(table) > SURE_RECORDS and _has_typed_column(table) else width


def _is_plausible(delimiter: str, table: Sequence[Sequence[str]], width: int, *, preamble: int) -> bool:
    """Whether the reading can be meant at all."""
    consistency = share_of_width(table, width)
    if preamble and (preamble > MAX_PREAMBLE or not _has_typed_column([row for row in table if len(row) == width])):
        return False
    if delimiter in DOUBLED:
        is_apart = not any(delimiter[0] in cell for cell in table[0]) and (width >= SURE_WIDTH or delimiter != "::")
        return consistency >= NEARLY_ALL and is_apart
    if delimiter in OFTEN_TEXT:
        is_table = width >= SURE_WIDTH and consistency == 1.0 and len(table) >= SURE_RECORDS and not preamble
        return is_table and _has_typed_column(table, filled=NEARLY_ALL) and not _are_times(delimiter, table)
    return consistency >= AGREEMENT


def _are_times(delimiter: str, table: Sequence[Sequence[str]]) -> bool:
    """Whole lines are dates or times: what looks like a delimiter is part of the value."""
    return len(table[0]) <= MOST_PARTS and all(kind_of(delimiter.join(row)) in ("date", "time") for row in table[1:51])


def _has_typed_column(table: Sequence[Sequence[str]], *, filled: float = 0) -> bool:
    """A column in which nearly all filled cells below the first row are values, not text; as many have to be filled."""
    body = table[1:51] or table
    width = min(len(table[0]), 100) if table else 0
    columns = ([kind for kind in kinds_of([row[at] for row in body if at < len(row)]) if kind] for at in range(width))
    enough = max(1, filled * len(body))
    return any(len(of) >= enough and len(of) - of.count("text") >= NEARLY_ALL * len(of) for of in columns)


def _score(read: Candidate) -> float:
    """How plausible it is beside its rivals; a preamble speaks against it."""
    cells = [cell for row in read.rows[:50] for cell in row[:100]]
    typed = 1 - kinds_of(cells).count("text") / len(cells)
    marks = OTHER_MARKS - {read.delimiter}
    foreign = list(map(marks.isdisjoint, cells)).count(False) / len(cells)
    breadth = (0.7 + 0.3 * min(read.width, 10) / 10) * (0.8 if read.start else 1.0)
    prior = (PRIORS | PAIRS)[read.delimiter]
    return read.consistency**2 * (0.6 + 0.4 * typed) * (1 - 0.5 * foreign) * breadth * prior
