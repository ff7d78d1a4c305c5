"""Blocks of text in; the same without the mark with which old systems end a text, and that mark, out.

CP/M and DOS write Ctrl-Z (0x1A) behind the last character, and may fill a block with it; `copy a+b c` still does.
"""

from __future__ import annotations

from collections.abc import Iterator

MARK = b"\x1a"
# A block that is filled with marks is no longer.
LONGEST = 4096


class Ending:
    """Holds back what may be the mark: at the end of the text it is, before that it is text."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.mark = b""

    def blocks(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The text, but for the marks at its end and the line ends among and behind them."""
        held = b""
        for block in blocks:
            text = held + block if held else block
            held = _end_of(text)
            yield text[: len(text) - len(held)] if held else text
        if len(held) > LONGEST:
            yield held
        else:
            self.mark = held


def _end_of(text: bytes) -> bytes:
    """The text from the first mark on behind which there are only marks and line ends; no more than is of interest."""
    tail = text[-LONGEST - 1 :]
    behind = tail[len(tail.rstrip(MARK + b"\r\n")) :]
    at = behind.find(MARK)
    return behind[at:] if at >= 0 else b""
