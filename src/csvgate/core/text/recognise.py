"""The first bytes of a file in; what it is instead of a CSV, in words for the sender, out (None: it may be one)."""

from __future__ import annotations

import json
import re

from csvgate.core.text.container import compression_of
from csvgate.core.text.evidence import is_utf8

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file (such as .xls)"),
    (b"ARROW1\0\0", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PK\x05\x06", "a zip archive without a file"),
    (b"PK\x07\x08", "a part of a zip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"-----BEGIN ", "a key or a certificate"),
    (b"\x1f\x9d", "data compressed by `compress` (.Z), which is not read"),
    (b"\x04\x22\x4d\x18", "LZ4-compressed data, which is not read"),
    (b"\xff\x06\0\0sNaPpY", "Snappy-compressed data, which is not read"),
    (b"]\0\0\x80\0\xff\xff", "data compressed by LZMA alone, which is not read (.xz is)"),
)
# These may as well be the name of a column: they count only before bytes that are no text.
SHORT_MAGIC = ((b"PAR1", "a Parquet file"), (b"ORC", "an ORC file"))
OFFICE = (
    (b"xl/", "an Excel workbook (.xlsx)"),
    (b"word/", "a Word document"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"META-INF/MANIFEST.MF", "a Java archive"),
    (b"content.xml", "an OpenDocument file"),
)
# What repeats is possessive: a comment that ends in one place only cannot be read in many ways.
_COMMENTS = rb"\s*+(?:<!--[^-]*+(?:-(?!->)[^-]*+)*+-->\s*+)*+"
_MARKUP = re.compile(_COMMENTS + rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(_COMMENTS + rb"<(?:\?xml\b|[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>)")
# Some exports put the names of columns between angle brackets: <TICKER>,<DATE>.
_TAGS_IN_CELLS = re.compile(rb"[^\r\n]*>[,;\t|]")
# How database shells draw a table, and Markdown.
_DRAWN = re.compile(rb"\s*\+(?:[-=]{2,}\+)+[ \t]*[\r\n]")
_MARKDOWN = re.compile(rb"\s*\|[^\r\n]*\|[ \t]*\r?\n[ \t]*\|(?:[ ]*:?-{2,}:?[ ]*\|)+[ \t]*\r?\n")
# What dumps of databases begin with, behind comments and what is for one program only; it ends with a semicolon.
_SQL_COMMENTS = rb"\s*+(?:(?:--[^\r\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/|\\restrict [^\r\n]*+|;)\s*+)*+"
_SQL = re.compile(
    _SQL_COMMENTS
    + rb"""
    (?: CREATE\s+(?:OR\s+REPLACE\s+|TEMP(?:ORARY)?\s+|UNIQUE\s+)*+(?:TABLE|DATABASE|SCHEMA|INDEX|VIEW|SEQUENCE|TYPE)
      | DROP\s+(?:TABLE|DATABASE|SCHEMA|VIEW|INDEX) | ALTER\s+TABLE | LOCK\s+TABLES | (?:INSERT|REPLACE)\s+INTO
      | SET\s+(?:NAMES\b|[@\w.]+\s*(?:=|TO\b)) | PRAGMA\s+\w+\s*= | USE\s+\S+(?=;)
      | (?:BEGIN|START)\s+TRANSACTION(?=;) | COPY\s+[^;\r\n]+\sFROM\s+stdin(?=;) )
    (?=[\s;(`"'\[\w]) (?:[^;']|'[^']*+')*+ ;[ \t]*+(?:[\r\n]|\Z|--)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_JSON = re.compile(rb"\s*(?:\{\s*(?:\"|\}\s*\Z)|\[\s*(?:[\{\[\"\]]|-?\d))")
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\x01\t\n\r\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f\0") + b"\x7f"
SAMPLE = 64 * 1024
# One byte in ten of random data is a control character, and random data is hardly ever valid UTF-8.
MOST_CONTROL, MOST_CONTROL_IN_UTF8, MOST_NULS = 0.05, 0.3, 0.3


def recognise(head: bytes, *, is_wide: bool = False) -> str | None:
    """What the file is, if its first bytes show that it is no CSV."""
    if (found := _marked(head)) or is_wide:
        return found
    return text_format(head.removeprefix(b"\xef\xbb\xbf")) or _binary(head[:SAMPLE])


def _marked(head: bytes) -> str | None:
    """The format whose mark the file bears."""
    found = (name for magic, name in MAGIC if head.startswith(magic))
    short = (name for magic, name in SHORT_MAGIC if head.startswith(magic) and not _is_text(head[:SAMPLE]))
    return next(found, None) or next(short, None) or _packed(head)


def _is_text(sample: bytes) -> bool:
    return b"\0" not in sample and _binary(sample) is None


def _packed(head: bytes) -> str | None:
    if compression_of(head):
        return "data that was compressed twice"
    if head.startswith(b"PK\x03\x04"):
        return next((name for mark, name in OFFICE if mark in head), "a document packed as a zip archive")
    return "a tar archive" if head[257:262] == b"ustar" else None


def text_format(head: bytes) -> str | None:
    """The format of text (in UTF-8 or a page that holds ASCII) that is no CSV."""
    if _MARKUP.match(head):
        return "an HTML page"
    if _XML.match(head) and not _TAGS_IN_CELLS.match(head.lstrip()):
        return "an XML document"
    if _DRAWN.match(head):
        return "a table drawn for people to read, as database shells print it"
    if _MARKDOWN.match(head):
        return "a Markdown table"
    if _SQL.match(head[:SAMPLE]):
        return "an SQL script, such as the dump of a database"
    return "a JSON document" if _JSON.match(head) and _is_json(head) else None


def _is_json(head: bytes) -> bool:
    """The head, or its first line, parses as JSON; of a document that goes on, the start does."""
    text = head.decode("utf-8", "replace").strip()
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return error.pos >= min(len(text), SAMPLE) - 2 or _opens_like_json(text)
    except RecursionError:
        return True
    return not text[end:].lstrip() or text[end : end + 1] == "\n"


def _opens_like_json(text: str) -> bool:
    """`{"name":` at the very start is no CSV cell that anybody writes."""
    return re.match(r'[\[\s]*\{\s*"(?:[^"\\]|\\.){0,200}"\s*:', text) is not None


def _binary(sample: bytes) -> str | None:
    """Text has hardly any control characters; the bytes of pictures and programs are full of them."""
    if not sample:
        return None
    control = (len(sample) - len(sample.translate(None, _CONTROL))) / len(sample)
    nuls = sample.count(0) / len(sample)
    limit = MOST_CONTROL_IN_UTF8 if is_utf8(sample) else MOST_CONTROL
    return "binary data" if control > limit or nuls > MOST_NULS else None
