"""A source in; its stream, encoding and dialect, ready to be scanned, out: or what it is instead of a CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from csvgate.core.structure.ending import Ending
from csvgate.core.structure.sniff import Sniffed, sniff
from csvgate.core.text.container import ByteStream, Reader
from csvgate.core.text.detect import Witness, decide
from csvgate.core.text.encoding import Encoding, Transcoder, stored_length
from csvgate.core.text.recognise import recognise, text_format
from csvgate.core.text.unread import unread_text

HEAD = 1024 * 1024
# Excel's instruction, and nothing that it could be for.
_HINT_ALONE = re.compile(rb"s\0?e\0?p\0?=\0?.?\0?", re.IGNORECASE | re.DOTALL)

# Opens the stored bytes from the start; called once in the ordinary case, again where a reread is needed.
Source = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A file whose dialect is known: `rest` begins at the table, `preamble` bytes of the file stand before it.

    `witness` saw all bytes that were read, where later ones can change the encoding.
    """

    stream: ByteStream
    encoding: Encoding
    sniffed: Sniffed
    head: bytes
    preamble: int
    rest: Reader
    transcoder: Transcoder | None
    ending: Ending
    witness: Witness | None

    @property
    def left_over(self) -> int:
        """Bytes at the end of the file that are no whole character."""
        return self.transcoder.left_over if self.transcoder else 0

    @property
    def mark(self) -> int:
        """The bytes at the end of the file that only say that it ends there."""
        return stored_length(self.ending.mark, self.encoding)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoCsv:
    """A file that cannot be read as CSV: `kind` says what it is ('' for one that holds nothing).

    `is_head_all`: it was not longer than the head that was read.
    """

    stream: ByteStream
    kind: str
    is_head_all: bool

    @property
    def is_complete(self) -> bool:
        """All that the file holds is accounted for; of a compressed one, only the head was unpacked."""
        is_sound = self.stream.fault is None and self.stream.refusal is None
        return is_sound and (self.is_head_all or self.stream.compression is None)


def open_text(source: Source, encoding: Encoding | None = None) -> Text | NoCsv:
    """The source is opened and its head is read; an encoding that is given is not questioned."""
    stream = ByteStream(source())
    head = stream.read(HEAD)
    whole = len(head) < HEAD
    decided = encoding or decide(head, whole=whole)
    kind = _instead_of_csv(head, decided)
    if kind is not None:
        return NoCsv(stream=stream, kind=kind, is_head_all=whole)
    transcoder = Transcoder(decided) if decided.is_transcoded else None
    witness = None if encoding or whole or decided.bom or decided.is_wide else Witness()
    blocks = _blocks(head[decided.bom :], stream)
    blocks = witness.watch(blocks) if witness else blocks
    ending = Ending()
    reader = Reader(ending.blocks(transcoder.blocks(blocks) if transcoder else blocks))
    text = reader.read(HEAD)
    if decided.is_wide and (kind := text_format(text)):
        return NoCsv(stream=stream, kind=kind, is_head_all=whole)
    sniffed = sniff(text, decided, whole=whole and len(text) < HEAD)
    stream.expect(sniffed.dialect, sniffed.width)
    return Text(
        stream=stream,
        encoding=decided,
        sniffed=sniffed,
        head=text,
        preamble=stored_length(text[: sniffed.start], decided),
        rest=Reader(_prepended(text[sniffed.start :], reader)),
        transcoder=transcoder,
        ending=ending,
        witness=witness,
    )


def _instead_of_csv(head: bytes, encoding: Encoding) -> str | None:
    held = head[encoding.bom :].strip(b" \t\r\n\x1a\0" if encoding.is_wide else b" \t\r\n\x1a")
    if not held or _HINT_ALONE.fullmatch(held):
        return ""
    return recognise(head, is_wide=encoding.is_wide) or (None if encoding.bom else unread_text(head))


def _blocks(head: bytes, stream: ByteStream) -> Iterator[bytes]:
    yield head
    while block := stream.read(HEAD):
        yield block


def _prepended(head: bytes, rest: Reader) -> Iterator[bytes]:
    yield head
    while block := rest.read(HEAD):
        yield block
