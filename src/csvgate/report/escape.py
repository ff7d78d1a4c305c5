"""Text that somebody else wrote in; text that a terminal shows and does not obey out.

A file name, a header or a value may hold escape sequences (CWE-150) or characters that reorder or hide
what stands beside them (Unicode TR 36, "Trojan Source"). They are shown, never passed on.
"""

from __future__ import annotations

import json
import re

# Control characters, characters without a width, those that turn the writing direction, and lone surrogates,
# which is how Python keeps bytes that could not be decoded.
HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
UNDECODED_BYTES = range(0xDC80, 0xDD00)


def spelled(character: str) -> str:
    """One hostile character as source code has it; a byte that could not be decoded shows as that byte."""
    if ord(character) in UNDECODED_BYTES:
        return character.encode("ascii", "surrogateescape").decode("ascii", "backslashreplace")
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def escaped(text: str) -> str:
    """The text with every hostile character spelled out: one line that no terminal obeys."""
    return HOSTILE.sub(lambda match: spelled(match.group()), text)


def clipped(text: str, length: int) -> str:
    """At most so many characters; where some were cut, the last one is an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def to_json(value: object, *, indent: int | None = 2) -> str:
    """JSON that people can read and terminals do not obey; it parses to exactly the value."""
    return HOSTILE.sub(_json_escape, json.dumps(value, ensure_ascii=False, indent=indent))


def _json_escape(match: re.Match[str]) -> str:
    # The line breaks of the layout stay; inside strings json.dumps has escaped C0 characters already.
    return match.group() if match.group() == "\n" else json.dumps(match.group())[1:-1]
