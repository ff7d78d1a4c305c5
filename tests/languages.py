"""The name of a language in; its prose (of the Declaration of Human Rights, and words), and its pages, out."""

from __future__ import annotations

from pathlib import Path

WESTERN = ("windows-1252", "iso-8859-15", "mac-roman", "cp850")
CENTRAL = ("windows-1250", "iso-8859-2", "cp852")
CYRILLIC = ("windows-1251", "cp866")

# The code pages in which the prose of a language can be written.
PAGES: dict[str, tuple[str, ...]] = {
    "german": (*WESTERN, "cp437"),
    "french": (*WESTERN, "cp437"),
    "spanish": WESTERN,
    "portuguese": WESTERN,
    "italian": WESTERN,
    "swedish": (*WESTERN, "cp437"),
    "danish": WESTERN,
    "icelandic": ("windows-1252", "iso-8859-15"),
    "polish": CENTRAL,
    "czech": CENTRAL,
    "hungarian": CENTRAL,
    "lithuanian": ("windows-1257",),
    "russian": (*CYRILLIC, "koi8-r"),
    "ukrainian": ("windows-1251",),
    "bulgarian": CYRILLIC,
    "greek": ("windows-1253",),
    "turkish": ("windows-1254",),
    "hebrew": ("windows-1255",),
    "arabic": ("windows-1256",),
    "thai": ("cp874",),
    "japanese": ("cp932", "euc-jp"),
    "chinese-simplified": ("gb18030",),
    "chinese-traditional": ("cp950",),
    "korean": ("cp949",),
}
PROSE = {language: (Path(__file__).parent / "prose" / f"{language}.txt").read_text("utf-8") for language in PAGES}
CASES = [(language, page) for language, pages in PAGES.items() for page in pages]
