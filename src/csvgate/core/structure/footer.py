"""Batches in; the records that are records for sure, and at the end the lines that are none but a footer, out.

A footer is a total, a count of rows or a remark behind the last record. It is told by its words, and only a line of
another width can be one: a record that was cut short is a record, and so is a total that fills its columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from csvgate.core.columns.abridged import Abridged
from csvgate.core.structure.batch import Batch, Stretch

# A footer has no more lines than this, and none of its first cells is longer.
MOST_LINES, LONGEST = 20, 200
NARROWEST = 2
# What repeats is possessive: a line that is no footer is told as fast as one that is.
_NUMBER = r"\W*+(?:\d[-+€$£ \d.,'%]*+)?+\W*+"
_TOTAL = re.compile(
    r"\W*+(?:grand[ -]|sub-?|overall )?"
    r"(?:totals?|sum|summe|gesamt(?:summe)?|insgesamt|somme|totale|totaal|suma|итого|合計|总计)"
    rf"{_NUMBER}"
    # Of what it is: `Total: Account`.
    r"|\W*+totals? ?[:-] .*",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"""
      [-=*_]{2,}.*
    | \W*\d[\d.,]*[ ](?:rows?|records?|lines?|entries|zeilen|datensätze|lignes|filas|registros)\b.*
    | \W*(?:(?:total|number\ of|anzahl)\W+)?
      (?:rows?|records?|row\ ?count|record\ ?count|zeilen|datensätze)\ *[:=]?\ *\d+\W*
    | \W*(?:end\ of\ (?:file|report|data|list|export)|eof|trailer)\b.*
    | \W*(?:sources?|notes?|remarks?|legend|disclaimer|last\ updated|data\ from|date\ of\ export)\ *:.*
    | \W*(?:quelle|stand|hinweis|anmerkung)\ *:.*
    | \W*(?:generated|exported|created|printed|extracted|prepared)\ (?:on|at|by|from|with)\b.*
    | \W*(?:erstellt\ am|exportiert\ am)\b.*
    | \W*(?:©|\(c\)\ |copyright\b).*
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


class Tail:
    """Holds back the last rows while they may be a footer; lets them go when a record comes behind them."""

    def __init__(self) -> None:
        """Nothing is held."""
        self._held: list[Stretch] = []
        self._length = 0

    def pass_on(self, batch: Batch, first: int, width: int) -> list[Stretch]:
        """The rows that are records for sure, in order: of those held so far, and of the batch from `first` on."""
        stop = len(batch.rows)
        run = self._run(batch.rows[max(first, stop - MOST_LINES - 1) :], width)
        freed: list[Stretch] = []
        if run < stop - first:
            freed = self.release()
        self._length += run
        if self._length > MOST_LINES:
            return [*freed, *self._release(), Stretch(batch, first, stop)]
        if run:
            self._held.append(Stretch(batch, stop - run, stop))
        return [*freed, Stretch(batch, first, stop - run)]

    def release(self) -> list[Stretch]:
        """The held rows: a record follows them, so they are records."""
        self._length = 0
        return self._release()

    def conclude(self, width: int) -> tuple[list[Stretch], list[Stretch]]:
        """At the end of the file: the held rows that are records after all, and behind them the footer, row by row."""
        rows = [Stretch(held.batch, row, row + 1) for held in self._release() for row in range(held.start, held.stop)]
        at = len(rows)
        while at and len(_cells(rows[at - 1])) != width:
            at -= 1
        while at < len(rows) and not _opens_footer(rows[at]):
            at += 1
        return rows[:at], rows[at:]

    def _run(self, rows: Sequence[Sequence[str]], width: int) -> int:
        """How many of the last rows may belong to a footer."""
        run = 0
        for row in reversed(rows):
            if not may_be_footer(row, width):
                break
            run += 1
        return run

    def _release(self) -> list[Stretch]:
        held, self._held = self._held, []
        return held


def is_total(row: Sequence[str]) -> bool:
    """The first cell that is filled says so."""
    label = next((cell for cell in row[:NARROWEST] if cell.strip()), "")
    return len(label) <= LONGEST and _TOTAL.fullmatch(label) is not None


def is_like_footer(stretch: Stretch) -> bool:
    """A last record that says of itself that it is none: a total, or a remark behind a blank line or all by itself."""
    cells = _cells(stretch)
    is_alone = len(cells) > NARROWEST and not any(cell.strip() for cell in cells[1:])
    return is_total(cells) or (_is_remark(cells) and (is_alone or stretch.start in stretch.batch.breaks))


def may_be_footer(row: Sequence[str], width: int) -> bool:
    """By its words or its width; only what follows can tell."""
    if width < NARROWEST or len(row[0]) > LONGEST or isinstance(row[0], Abridged):
        return False
    return is_total(row) or len(row) == 1 or (len(row) <= width and _is_remark(row)) or _is_sentence(row)


def _opens_footer(stretch: Stretch) -> bool:
    """By its words, or as a sentence behind a blank line; what follows it is footer too."""
    cells = _cells(stretch)
    if is_total(cells) or _is_remark(cells):
        return True
    return _is_sentence(cells) and stretch.start in stretch.batch.breaks


def _is_sentence(row: Sequence[str]) -> bool:
    """Several words, and behind what would be a delimiter stands a blank, as behind the commas of a text."""
    return " " in row[0].strip() and all(cell.startswith(" ") for cell in row[1:])


def _is_remark(row: Sequence[str]) -> bool:
    return _REMARK.fullmatch(row[0]) is not None


def _cells(stretch: Stretch) -> list[str]:
    return stretch.batch.rows[stretch.start]
