"""Rows in, many at a time; of each its cells as a sink takes them, and which rules it breaks, out.

Cells are judged column by column; how the bytes of a file arrive never shows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from operator import is_

from csvgate.core.contracts.cells import Cell, ColumnJudge, JudgedColumn, Shown
from csvgate.core.contracts.cleansing import NO_CLEANSING, Cleansing
from csvgate.core.contracts.keys import Key, keys_of
from csvgate.core.contracts.layout import Layout
from csvgate.core.contracts.rules import Rule
from csvgate.core.contracts.schema import Field, Schema
from csvgate.core.contracts.storage import ANYWHERE, Storage
from csvgate.core.contracts.uniqueness import Memory
from csvgate.core.rows import Rows

Cells = Sequence[Cell]
# What no sink takes: NULs, and the surrogates that stand for bytes which could not be decoded.
_MARKED = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A rule that a row breaks: of a `field`, in a `column` of the file (from 1), by a `value`, as far as it is known.

    `message` says it of this value.
    """

    code: str
    rule: str
    message: str
    field: str | None = None
    column: int | None = None
    value: str | None = None


class Judged:
    """Some rows, and which rules they break: `violations` are those of the rows (from 0) that break the contract.

    `is_as_written`: all cells stand in the file as they are here, and an empty one has no value.
    """

    def __init__(
        self,
        rows: Rows,
        cells: Callable[[], Sequence[Cells]],
        violations: Mapping[int, Sequence[Violation]],
        *,
        is_as_written: bool,
    ) -> None:
        """The cells are made if somebody wants them: whoever counts does not."""
        self._cells = cells
        self.rows = rows
        self.violations = violations
        self.is_as_written = is_as_written

    @cached_property
    def cells(self) -> Sequence[Cells]:
        """Of each row, in the order of the layout: plain text, None where there is no value.

        Of a row that breaks the contract what could be made of it, with the cells that are too many behind the
        others, and U+FFFD for what is no text.
        """
        return self._cells()

    def good(self) -> Iterator[tuple[int, Cells]]:
        """The rows that keep the contract, by their number."""
        return ((number, cells) for number, cells in self.all() if number - self.rows.first not in self.violations)

    def all(self) -> Iterator[tuple[int, Cells]]:
        """All rows, by their number."""
        return enumerate(self.cells, start=self.rows.first)


class Judge:
    """Knows one contract and one layout; of what it has judged it remembers keys, and what columns have shown."""

    def __init__(
        self, schema: Schema, layout: Layout, cleansing: Cleansing = NO_CLEANSING, storage: Storage = ANYWHERE
    ) -> None:
        """Nothing is judged yet."""
        self._layout = layout
        self._columns = [
            ColumnJudge(field, schema, cleansing, storage, is_required=field.name in schema.primary_key)
            for field in layout.fields
        ]
        found = [key for key in keys_of(schema) if all(layout.columns[part] is not None for part in key.parts)]
        self.keys: Sequence[Key] = found

    @property
    def shown(self) -> tuple[Shown, ...]:
        """What each field of the layout has shown, as far as any were judged."""
        return tuple(column.shown for column in self._columns)

    def judge(self, rows: Rows, memories: Sequence[Memory]) -> Judged:
        """What becomes of the rows; there is a memory for each of `keys`."""
        misfits = self._misfits(rows)
        fit = [at for at in range(len(rows)) if at not in misfits] if misfits else range(len(rows))
        written = rows.cells if not misfits else [rows.cells[at] for at in fit]
        columns = list(zip(*written, strict=True)) or [()] * self._layout.width
        judged = [
            None if at is None else judge.judge(columns[at])
            for judge, at in zip(self._columns, self._layout.columns, strict=True)
        ]
        plain = [column.cells if column else [None] * len(written) for column in judged]
        broken = self._broken(judged, columns)
        for key, memory in zip(self.keys, memories, strict=True):
            for at in memory.repeated([rows.first + at for at in fit], self.key_texts(key, written)):
                broken[at].append(self._repeated(key, written[at]))
        whole = partial(self._whole, rows, fit) if misfits else partial(self._side_by_side, written, columns)
        return Judged(
            rows,
            partial(whole, plain),
            {**misfits, **{fit[at]: found for at, found in broken.items()}},
            is_as_written=self._is_in_place and all(column and column.is_as_written for column in judged),
        )

    def remember(self, rows: Rows, memories: Sequence[Memory]) -> Iterator[list[int]]:
        """For each key the numbers of the rows whose key its memory knows; all are known to it now."""
        misfits = self._misfits(rows)
        fit = [at for at in range(len(rows)) if at not in misfits]
        written, numbers = [rows.cells[at] for at in fit], [rows.first + at for at in fit]
        for key, memory in zip(self.keys, memories, strict=True):
            yield [numbers[at] for at in memory.repeated(numbers, self.key_texts(key, written))]

    def key_texts(self, key: Key, written: Sequence[Sequence[str]]) -> list[Cell]:
        """Of each row a text that is the same where the key is the same; None where it has no whole key."""
        columns = [(self._columns[part], self._layout.columns[part] or 0) for part in key.parts]
        texts = [column.keys([row[at] for row in written]) for column, at in columns]
        # No cell that is judged holds a NUL.
        return [None if None in parts else "\0".join(map(str, parts)) for parts in zip(*texts, strict=True)]

    def _misfits(self, rows: Rows) -> dict[int, list[Violation]]:
        """The rows that break any contract: of another width, or with bytes that are no text."""
        found: defaultdict[int, list[Violation]] = defaultdict(list)
        width = self._layout.width
        for at, row in enumerate(rows.cells):
            if len(row) != width:
                found[at].append(_ragged(row, width))
        for at in rows.garbled:
            message = "bytes that are not valid in the encoding of the file"
            found[at].append(Violation(code="encoding-error", rule="encoding", message=message))
        for at in rows.with_nul:
            found[at].append(Violation(code="nul-byte", rule="encoding", message="a NUL byte"))
        return dict(found)

    @property
    def _is_in_place(self) -> bool:
        return list(self._layout.columns) == list(range(self._layout.width))

    def _broken(
        self, judged: Sequence[JudgedColumn | None], columns: Sequence[Sequence[str]]
    ) -> defaultdict[int, list[Violation]]:
        """What is wrong with the cells, by their rows."""
        broken: defaultdict[int, list[Violation]] = defaultdict(list)
        for field, column, at in zip(self._layout.fields, judged, self._layout.columns, strict=True):
            for row, rule in column.faults if column else ():
                broken[row].append(_violation(rule, field, at or 0, columns[at or 0][row]))
        return broken

    def _repeated(self, key: Key, row: Sequence[str]) -> Violation:
        columns = [column for part in key.parts if (column := self._layout.columns[part]) is not None]
        value = ", ".join(row[column] for column in columns)
        message = f"“{value}” stands in an earlier record, too"
        return Violation(
            code=key.code, rule=key.rule, message=message, field=key.field, column=columns[0] + 1, value=value
        )

    def _side_by_side(
        self, written: Sequence[Sequence[str]], columns: Sequence[Cells], plain: Sequence[Cells]
    ) -> Sequence[Cells]:
        """The rows of these columns: those that were read, where all is plain and in its place."""
        is_same = len(plain) == len(columns) and all(map(is_, plain, columns))
        return written if is_same else list(zip(*plain, strict=True))

    def _whole(self, rows: Rows, fit: Sequence[int], plain: Sequence[Cells]) -> list[Cells]:
        """All rows, those of another width as far as can be told."""
        made = dict(zip(fit, zip(*plain, strict=True), strict=True))
        return [made[at] if at in made else self._as_far_as(row) for at, row in enumerate(rows.cells)]

    def _as_far_as(self, row: Sequence[str]) -> Cells:
        row = [_MARKED.sub("\ufffd", cell) for cell in row]
        known = [row[at] if at is not None and at < len(row) else None for at in self._layout.columns]
        return [*known, *row[self._layout.width :]]


def _violation(rule: Rule, field: Field, column: int, value: str) -> Violation:
    return Violation(
        code=rule.code, rule=rule.name, message=rule.says(value), field=field.name, column=column + 1, value=value
    )


def _ragged(row: Sequence[str], width: int) -> Violation:
    code, column = ("extra-cell", width + 1) if len(row) > width else ("missing-cell", len(row) + 1)
    cells = "1 cell" if len(row) == 1 else f"{len(row):,} cells"
    return Violation(code=code, rule="cells", message=f"{cells}, the header has {width:,}", column=column)
