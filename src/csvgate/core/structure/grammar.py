"""A Dialect in; the patterns that say where its fields and records end, as bytes, out.

RFC 4180, section 2, widened: any delimiter and quote, LF, CRLF or CR, and a quote opens only at the start of a field.
CR CR LF is one line end, too: that of a CRLF which went through a text mode that makes LF a CRLF once more.
All repetition is possessive, so that matching is linear and never gives back (no input is slow).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from csvgate.core.dialect import Dialect

EOL = rb"(?:\n|\r(?:\r?\n)?+)"
LINE_END = re.compile(EOL)
BLANK_LINES = re.compile(EOL + rb"++")


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """The patterns of one dialect.

    `records` matches as many whole, well-formed, non-blank records as there are; `record` one of them;
    `last` one without a line end, at the end of the data;
    `quoted` a field that opens with a quote, up to its closing one;
    `bare` the rest of a field in which a quote is ordinary text;
    `closing` the next quote that ends a field, or else the end of the line; `close` only such a quote, on any line;
    `first` one well-formed field, `more` one with the delimiter before it, `rest` all of these up to the record's end.
    """

    delimiter: bytes
    quote: bytes | None
    escape: bytes | None
    comment: bytes | None
    skips_space: bool
    records: re.Pattern[bytes]
    record: re.Pattern[bytes]
    last: re.Pattern[bytes]
    quoted: re.Pattern[bytes]
    bare: re.Pattern[bytes]
    closing: re.Pattern[bytes]
    close: re.Pattern[bytes]
    first: re.Pattern[bytes]
    more: re.Pattern[bytes]
    rest: re.Pattern[bytes]


@functools.lru_cache(maxsize=64)
def grammar_of(dialect: Dialect) -> Grammar:
    """The grammar of a dialect whose delimiter and quote are ASCII."""
    delimiter = dialect.delimiter.encode()
    quote = dialect.quote_char.encode() if dialect.quote_char else None
    escape = dialect.escape_char.encode() if dialect.escape_char else None
    comment = dialect.comment_prefix.encode() if dialect.comment_prefix else None
    d, q = re.escape(delimiter), re.escape(quote or b"")
    quoted = _quoted(q, escape, double=dialect.double_quote) if quote else rb"(?!)"
    space = rb" *+" if dialect.skip_initial_space else b""
    clean = space + rb"(?:" + quoted + rb"|" + _text(delimiter, quote) + rb")"
    guard = rb"(?![\r\n])" + (rb"(?!" + re.escape(comment) + rb")" if comment else b"")
    more = d + clean
    cells = guard + clean + rb"(?:" + more + rb")*+"
    record, ends = cells + EOL, q + rb"(?=" + d + rb"|[\r\n]|\Z)"
    return Grammar(
        delimiter=delimiter,
        quote=quote,
        escape=escape,
        comment=comment,
        skips_space=dialect.skip_initial_space,
        records=re.compile(rb"(?:" + record + rb")*+", re.DOTALL),
        record=re.compile(record, re.DOTALL),
        last=re.compile(cells + rb"\Z", re.DOTALL),
        quoted=re.compile(quoted, re.DOTALL),
        bare=re.compile(_text(delimiter, None), re.DOTALL),
        closing=re.compile(ends + rb"|[\r\n]|\Z"),
        close=re.compile(ends),
        first=re.compile(clean, re.DOTALL),
        more=re.compile(more, re.DOTALL),
        rest=re.compile(rb"(?:" + more + rb")*+(?=[\r\n]|\Z)", re.DOTALL),
    )


def _text(delimiter: bytes, quote: bytes | None) -> bytes:
    """Characters up to the next delimiter or line end, without a quote where there is one."""
    stop = rb"\r\n" + (re.escape(quote) if quote else b"")
    if len(delimiter) == 1:
        return rb"[^" + re.escape(delimiter) + stop + rb"]*+"
    return rb"(?:(?!" + re.escape(delimiter) + rb")[^" + stop + rb"])*+"


def _quoted(q: bytes, escape: bytes | None, *, double: bool) -> bytes:
    """From the opening to the closing quote; inside, a quote is doubled or escaped."""
    stop = q + (re.escape(escape) if escape else b"")
    inner = [q + q] if double else []
    inner += [re.escape(escape) + rb"."] if escape else []
    again = rb"(?:(?:" + rb"|".join(inner) + rb")[^" + stop + rb"]*+)*+" if inner else b""
    return q + rb"[^" + stop + rb"]*+" + again + q
