"""Batches of a text whose encoding was guessed in; where they are not UTF-8, as occurrences in the tally, out."""

from __future__ import annotations

from csvgate.core.findings import Place
from csvgate.core.structure.batch import Batch
from csvgate.core.tally import Tally, excerpt_of
from csvgate.core.text.encoding import ESCAPED, Encoding, pieces_of, stored


def describe(encoding: Encoding) -> str:
    """What was guessed, and what it might be instead."""
    rivals = f"; it might be {' or '.join(encoding.rivals)} as well" if encoding.rivals else ""
    return f"the file is not UTF-8 and was read as {encoding.name}{rivals}"


def note_guess(batch: Batch, tally: Tally, *, header_rows: int) -> None:
    """Each run of bytes that are not valid UTF-8 is counted; the first ones have a place."""
    if not batch.encoding.is_guess or batch.encoding.is_wide or batch.data.isascii():
        return
    at = 0
    for piece in pieces_of(batch.data):
        text = stored(piece, batch.encoding).decode("utf-8", "surrogateescape")
        runs = ESCAPED.finditer(text)
        while tally.wants_place("encoding-guessed") and (run := next(runs, None)):
            before = text[: run.start()].encode("utf-8", "surrogateescape")
            place = _place(batch, at + _scanned_length(before, batch.encoding), header_rows)
            tally.add("encoding-guessed", describe(batch.encoding), place)
        if more := sum(1 for _ in runs):
            tally.add("encoding-guessed", count=more)
        at += len(piece)


def _scanned_length(data: bytes, encoding: Encoding) -> int:
    """How many bytes that are scanned stand for these bytes of the file."""
    return len(data.decode(encoding.name, "ignore").encode()) if encoding.is_transcoded else len(data)


def _place(batch: Batch, at: int, header_rows: int) -> Place:
    return Place(
        record=batch.first_row + batch.row_at(at) + 1 - header_rows if batch.is_in_row(at) else None,
        line=batch.line_at(at),
        byte_offset=batch.offset_at(at),
        excerpt=excerpt_of(batch.near(at)),
    )
