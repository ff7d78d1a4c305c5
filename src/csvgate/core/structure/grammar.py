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
# So far behind a stray quote the end of its value, or that of its line, is looked for where many records are matched.
NEAR = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Loose:
    """The patterns of records with quotes where none belong, each of which stays on its line.

    `records` matches as many whole ones as there are, `record` one of them; `field` one of their fields with what ends
    it, as the group `value` if it is well-formed in quotes, as `inner` with quotes inside of quotes, else as `text`.
    The pair of quotes with which such a field only seems to be one in quotes is the group `opens` or `seems`.
    """

    records: re.Pattern[bytes]
    record: re.Pattern[bytes]
    field: re.Pattern[bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """The patterns of one dialect.

    `records` matches as many whole, well-formed, non-blank records as there are; `record` one of them;
    `last` one without a line end, at the end of the data;
    `quoted` a field that opens with a quote, up to its closing one;
    `bare` the rest of a field in which a quote is ordinary text;
    `closing` the next quote that ends a field, or else the end of the line; `close` only such a quote, on any line;
    `first` one well-formed field, `more` one with the delimiter before it, `rest` all of these up to the record's end;
    `pair` two bytes inside of quotes that stand for the second one; `loose` other records, where there are quotes.
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
    pair: re.Pattern[bytes]
    loose: Loose | None

    @property
    def is_plain(self) -> bool:
        """A delimiter is one byte, and inside of quotes only these are doubled: nothing else is to be known."""
        return not self.escape and not self.skips_space and len(self.delimiter) == 1


@functools.lru_cache(maxsize=64)
def grammar_of(dialect: Dialect) -> Grammar:
    """The grammar of a dialect whose delimiter and quote are ASCII."""
    delimiter = dialect.delimiter.encode()
    quote, escape, comment = map(_encoded, (dialect.quote_char, dialect.escape_char, dialect.comment_prefix))
    d, q, marks = re.escape(delimiter), re.escape(quote or b""), re.escape(escape or b"")
    quoted = _quoted(q, escape, double=dialect.double_quote) if quote else rb"(?!)"
    in_line = _quoted(q, escape, double=dialect.double_quote, but=rb"\r\n")
    space = rb" *+" if dialect.skip_initial_space else b""
    loose = space + _loose_field(d, q, quoted, in_line, _text(delimiter, None))
    clean = space + rb"(?:" + quoted + rb"|" + _text(delimiter, quote) + rb")"
    guard = rb"(?![\r\n])" + (rb"(?!" + re.escape(comment) + rb")" if comment else b"")
    more, ends = d + clean, q + rb"(?=" + d + rb"|[\r\n]|\Z)"
    cells = guard + clean + rb"(?:" + more + rb")*+"
    return Grammar(
        delimiter=delimiter,
        quote=quote,
        escape=escape,
        comment=comment,
        skips_space=dialect.skip_initial_space,
        records=re.compile(rb"(?:" + cells + EOL + rb")*+", re.DOTALL),
        record=re.compile(cells + EOL, re.DOTALL),
        last=re.compile(cells + rb"\Z", re.DOTALL),
        quoted=re.compile(quoted, re.DOTALL),
        bare=re.compile(_text(delimiter, None), re.DOTALL),
        closing=re.compile(ends + rb"|[\r\n]|\Z"),
        close=re.compile(ends),
        first=re.compile(clean, re.DOTALL),
        more=re.compile(more, re.DOTALL),
        rest=re.compile(rb"(?:" + more + rb")*+(?=[\r\n]|\Z)", re.DOTALL),
        pair=re.compile(rb"[" + q + marks + rb"]([" + q + marks + rb"])" if quote else rb"(?!)"),
        loose=_loose(guard, loose, d) if quote else None,
    )


def _encoded(mark: str | None) -> bytes | None:
    return mark.encode() if mark else None


def _loose(guard: bytes, field: bytes, d: bytes) -> Loose:
    unnamed = re.sub(rb"\?P<\w+>", b"?:", field)
    record = guard + unnamed + rb"(?:" + d + unnamed + rb")*+" + EOL
    return Loose(
        records=re.compile(rb"(?:" + record + rb")*+", re.DOTALL),
        record=re.compile(record, re.DOTALL),
        field=re.compile(field + rb"(?:" + d + rb"|" + EOL + rb")", re.DOTALL),
    )


def _loose_field(d: bytes, q: bytes, quoted: bytes, in_line: bytes, bare: bytes) -> bytes:
    """A field in quotes; one that closes in its middle, if a later quote ends it; one in which quotes are text."""
    near, ends = rb"[^\r\n]{0,%d}?" % NEAR, rb"(?=" + d + rb"|[\r\n])"
    return (
        rb"(?>(?P<value>" + quoted + ends + rb")"
        rb"|(?P<inner>(?P<opens>" + in_line + rb")" + near + q + ends + rb")"
        rb"|(?P<text>(?:(?=(?P<seems>" + in_line + rb")" + near + rb"[\r\n])|(?!" + q + rb"))" + bare + rb"))"
    )


def _text(delimiter: bytes, quote: bytes | None) -> bytes:
    """Characters up to the next delimiter or line end, without a quote where there is one."""
    stop = rb"\r\n" + (re.escape(quote) if quote else b"")
    if len(delimiter) == 1:
        return rb"[^" + re.escape(delimiter) + stop + rb"]*+"
    return rb"(?:(?!" + re.escape(delimiter) + rb")[^" + stop + rb"])*+"


def _quoted(q: bytes, escape: bytes | None, *, double: bool, but: bytes = b"") -> bytes:
    """From the opening to the closing quote; inside, a quote is doubled or escaped, and nothing of `but` stands."""
    stop = q + (re.escape(escape) if escape else b"") + but
    inner = [q + q] if double else []
    inner += [re.escape(escape) + (rb"[^" + but + rb"]" if but else rb".")] if escape else []
    again = rb"(?:(?:" + rb"|".join(inner) + rb")[^" + stop + rb"]*+)*+" if inner else b""
    return q + rb"[^" + stop + rb"]*+" + again + q
