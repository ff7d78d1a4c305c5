"""The structural truth: bytes and a Dialect in; every record, with its line and byte offset, in batches out.

Well-formed stretches are matched by one pattern and split in C (`wellformed`); everything else is read
field by field (`record`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

from csvgate.core.dialect import Dialect
from csvgate.core.structure.batch import Batch, Comment, Start, count_lines
from csvgate.core.structure.grammar import BLANK_LINES, LINE_END, Grammar, grammar_of
from csvgate.core.structure.long import LONGEST
from csvgate.core.structure.loose import add_loose
from csvgate.core.structure.record import Reason, Record, UnreadableError
from csvgate.core.structure.wellformed import (
    MAX_RECORD,
    add_blank,
    add_clean,
    add_readable,
    cells_of,
    require_readable,
)
from csvgate.core.text.encoding import Encoding, stored_length

WINDOW = 1024 * 1024
# A batch ends behind about so many lines, however short they are: a row takes fifty times the bytes of an empty line.
MOST_LINES = 65_536
# Where long strides are taken: how long they get, longer where so many wide records want it. The first batch is short,
# as is the one where a stride fails; those that follow are twice as long each.
LONGEST_STRIDE, WIDEST_STRIDE, RECORDS, SHORT_WINDOW = 4 * WINDOW, 16 * WINDOW, 2048, WINDOW // 16
# So many wide records at least are looked at together, as each of their columns takes a call: in a stride, in a batch.
FEWEST_IN_STRIDE, FEWEST_IN_BATCH = 64, 16
# Trailing blank lines of a one-column file are no records unless there are more bytes of them than this.
MAX_BLANK_TAIL = 1024 * 1024


class Readable(Protocol):
    """Something that hands out exactly as many bytes as asked for, until its end."""

    def read(self, size: int) -> bytes:
        """The next bytes; fewer only at the end."""


class Stride(Protocol):
    """Records that were read in another way."""

    @property
    def data(self) -> bytes:
        """Their bytes, as they were scanned."""

    @property
    def count(self) -> int:
        """How many they are."""

    @property
    def lines(self) -> int:
        """How many physical lines they fill."""

    def size(self) -> int:
        """How many bytes of the file they are."""


S_co = TypeVar("S_co", bound=Stride, covariant=True)


class Cut(Protocol[S_co]):
    """Takes records from the beginning of data."""

    def __call__(self, data: bytes, start: Start, grammar: Grammar, encoding: Encoding, *, width: int) -> S_co | None:
        """The records, which have `width` cells and begin at `start`; None where it cannot take any."""


class Scanner:
    """Reads batches front to back; what it says never depends on how the bytes arrive.

    `width` is the number of columns: in a file of one column a blank line between records is an empty value.
    `offset` bytes of the file and all lines before `line` are read. After the last batch, `stopped` says whether
    reading ended at a record that is too long or too wide.
    """

    def __init__(self, source: Readable, dialect: Dialect, encoding: Encoding, *, width: int, offset: int = 0) -> None:
        """Nothing is read yet; `offset` bytes and the dialect's `skip_rows` lines were read before."""
        self._source = source
        self._grammar = grammar_of(dialect)
        self._encoding = encoding
        self._width = width
        self._buffer = b""
        self._at_end = False
        self._is_whole = True
        self._is_drained = False
        self._is_abridged = False
        self._row = 0
        self._is_after_blank = False
        # The row behind blank lines that are values, as they are too many for a tail.
        self._behind_blank = -1
        self._window = SHORT_WINDOW
        self._stride = WINDOW
        self.offset = offset
        self.line = 1 + dialect.skip_rows
        self.stopped: Reason | None = None

    def batches(self, *, is_whole: bool = True, is_abridged: bool = False) -> Iterator[Batch]:
        """All records, in order; where the source is not the whole rest of the file, without a last one that is cut.

        Who only counts values does without those that are too long to be held: `is_abridged` gives LongCells for them.
        """
        self._is_whole, self._is_abridged = is_whole, is_abridged
        while self._buffer or self._fill():
            batch = self._consume()
            if batch.data:
                yield batch
            elif len(self._buffer) > MAX_RECORD and not self._at_end:
                self.stopped = "too-long"
            elif self.stopped is None and not self._fill():
                return
            if self.stopped:
                return

    def reaches(self, offset: int) -> bool:
        """The file goes on up to there, or further; what had to be read for that is held."""
        size = offset - self.offset
        while len(self._buffer) < size and self._fill(size):
            pass
        return len(self._buffer) >= size

    def stride(self, cut: Cut[S_co]) -> S_co | None:
        """Between two batches: the next records as `cut` takes them; None where a batch must come first.

        Longer strides are tried as long as they succeed; where one fails, a short batch gets over the odd place.
        """
        if self._is_after_blank or self.stopped or not self._grammar.is_plain:
            return None
        record = self.offset // max(self._row, 1)
        if record * FEWEST_IN_BATCH > WIDEST_STRIDE:
            return None
        size = max(self._stride, min(FEWEST_IN_STRIDE * record, WIDEST_STRIDE))
        while len(self._buffer) < size and self._fill(size):
            pass
        start = Start(row=self._row, offset=self.offset, line=self.line)
        taken = cut(self._buffer[:size], start, self._grammar, self._encoding, width=self._width)
        if taken is None:
            self._stride, self._window = WINDOW, max(SHORT_WINDOW, min(FEWEST_IN_BATCH * record, WINDOW))
            return None
        longest = min(max(RECORDS * record, LONGEST_STRIDE), WIDEST_STRIDE)
        self._stride, self._window = min(2 * size, longest), WINDOW
        self._buffer = self._buffer[len(taken.data) :]
        self._row += taken.count
        self.line += taken.lines
        self.offset += taken.size()
        return taken

    def _fill(self, window: int = WINDOW) -> bool:
        """Whether there was more; doubles what is held, so that a long record is looked at only a few times."""
        if self._is_drained:
            return False
        held = len(self._buffer)
        size = max(window - held, min(held, MAX_RECORD + WINDOW - held), 1)
        block = self._source.read(size)
        self._is_drained = len(block) < size
        self._at_end = self._is_drained and self._is_whole
        self._buffer += block
        return True

    def _consume(self) -> Batch:
        """The next whole records that are held, about a window of them; the rest stays."""
        data = self._buffer
        batch = Batch(
            data=data,
            grammar=self._grammar,
            encoding=self._encoding,
            first_row=self._row,
            offset=self.offset,
            line=self.line,
            is_abridged=self._is_abridged,
            breaks={0} if self._is_after_blank else set(),
        )
        try:
            end = self._read_into(batch, self._limit(data))
        except UnreadableError as stop:
            end, self.stopped = stop.at, stop.reason
        batch.data, self._buffer = data[:end], data[end:]
        self._row += len(batch.rows)
        self._is_after_blank = len(batch.rows) in batch.breaks
        self.line += count_lines(batch.data)
        self.offset += batch.size()
        self._window = min(2 * self._window, WINDOW)
        return batch

    def _limit(self, data: bytes) -> int:
        """CRs at the end may be the beginning of a line end that is longer."""
        if self._at_end or not data.endswith(b"\r"):
            return len(data)
        return len(data) - (2 if data.endswith(b"\r\r") else 1)

    def _read_into(self, batch: Batch, limit: int) -> int:
        at, enough = 0, _end_of_batch(batch.data, min(self._window, limit))
        while at < enough:
            end = self._grammar.records.match(batch.data, at, enough).end()  # type: ignore[union-attr]  # matches ''
            if end > at:
                add_readable(batch, at, end)
            else:
                end = self._step(batch, at, limit, enough)
                if end is None:
                    break
            at = end
        return at

    def _step(self, batch: Batch, at: int, limit: int, enough: int) -> int | None:
        """Past blank lines, a comment or one odd record; None if more bytes are needed to decide."""
        data, comment = batch.data, self._grammar.comment
        if data[at] in b"\r\n":
            return self._blank_lines(batch, at, limit, enough)
        if comment and data.startswith(comment, at):
            line_end = LINE_END.search(data, at, limit)
            if line_end is None and not self._at_end:
                return None
            end = line_end.end() if line_end else limit
            if self._is_comment(batch, data[at:end]):
                batch.comments.append(Comment(at, end, len(batch.rows)))
                self._behind_blank = -1
                return end
        end = add_loose(batch, at, enough)
        return end if end > at else self._record(batch, at, limit)

    def _is_comment(self, batch: Batch, line: bytes) -> bool:
        """A record may begin with the mark, too: a comment has not as many cells as there are columns."""
        grammar = self._grammar
        if grammar.quote and grammar.quote in line:
            return len(cells_of(batch, line)) != self._width
        return line.count(grammar.delimiter) + 1 != self._width

    def _record(self, batch: Batch, at: int, limit: int) -> int | None:
        """Past one record: well-formed, but longer than the window, or odd."""
        clean = self._grammar.record.match(batch.data, at, limit)  # longer than the window
        if clean is None and self._at_end:
            clean = self._grammar.last.match(batch.data, at, limit)
        if clean and not (batch.is_abridged and clean.end() - at > LONGEST):
            require_readable(batch, at, clean.end())
            add_clean(batch, at, clean.end(), kind="single")
            return clean.end()
        reach = min(limit, at + MAX_RECORD)
        is_cut = reach < limit
        found = Record(batch, at, reach, at_end=self._at_end and not is_cut, width=self._width).read()
        if found is None and is_cut:
            raise UnreadableError(at, "too-long")
        return found

    def _blank_lines(self, batch: Batch, at: int, limit: int, enough: int) -> int | None:
        match = BLANK_LINES.match(batch.data, at, limit)
        end, row = match.end() if match else limit, self._row + len(batch.rows)
        is_long = end - at > MAX_BLANK_TAIL or row == self._behind_blank
        if self._width == 1 and row and end == limit and not self._at_end and not is_long:
            return None
        if self._width == 1 and row and (end < limit or is_long):
            end = min(end, enough)
            add_blank(batch, at, end)
            self._behind_blank = self._row + len(batch.rows) if is_long else -1
        else:
            batch.breaks.add(len(batch.rows))
            batch.blank_bytes += stored_length(batch.data[at:end], self._encoding)
        return end


def _end_of_batch(data: bytes, end: int) -> int:
    """The end, or an earlier one up to which there are no more lines than a batch holds; never within a line end."""
    while end > MOST_LINES and (lines := max(data.count(b"\n", 0, end), data.count(b"\r", 0, end))) > MOST_LINES:
        end = end * MOST_LINES // lines
    line_end = LINE_END.match(data, end - 1) if data[end - 1 : end] == b"\r" else None
    return line_end.end() if line_end else end
