"""The head of a file and a dialect in; the ways in which its cells may be quoted, likeliest first, out.

Only what the head shows is offered, so that an ordinary file has one way. A quote is expected even where the head has
none: the first may come in the last gigabyte.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from csvgate.core.dialect import Dialect

ESCAPE = "\\"
# So many cells in single quotes show that they are meant: one may be a matter of apostrophes.
QUOTED_ENOUGH = 2
# So many cells with a bare quote, and none in quotes, show a writer that does not quote: one that does would have.
BARE_ENOUGH = 5


def quotings(sample: bytes, dialect: Dialect) -> Iterator[Dialect]:
    """The dialect with each quoting that the sample may show; the first is the one to take if all read it alike."""
    delimiter = dialect.delimiter.encode()
    quote = "'" if b"'" in sample and _is_single_quoted(sample, delimiter) else '"'
    mark, plain = quote.encode(), dialect if quote == dialect.quote_char else replace(dialect, quote_char=quote)
    if mark not in sample:
        yield plain
        return
    escapes = [None, ESCAPE] if ESCAPE.encode() + mark in sample else [None]
    skips = [False, True] if _has_blank_before(sample, delimiter, mark) else [False]
    yield plain
    for escape, skip in itertools.islice(itertools.product(escapes, skips), 1, None):
        yield replace(plain, escape_char=escape, double_quote=escape is None, skip_initial_space=skip)
    if quote == '"' and _has_bare_quotes_only(sample, delimiter):
        yield replace(dialect, quote_char=None)


def has_every_blank(sample: bytes, pair: bytes) -> bool:
    """Outside of quotes each delimiter is followed by one blank, and some blank by a quote: they belong together."""
    if not re.search(re.escape(pair) + rb"[\"']", sample):
        return False
    outside = _cells_in_quotes(pair).sub(b"", sample)
    return outside.count(pair) == outside.count(pair[:1]) and pair + b" " not in outside


def _is_single_quoted(sample: bytes, delimiter: bytes) -> bool:
    """Cells in single quotes, and more of them than in double ones; quotes inside of other quotes do not count."""
    if not re.search(rb"(?:\A|[\r\n]|" + re.escape(delimiter) + rb") *+'", sample):
        return False
    marks = [match.group().lstrip()[:1] for match in _cells_in_quotes(delimiter).finditer(sample)]
    return marks.count(b"'") >= max(QUOTED_ENOUGH, marks.count(b'"') + 1)


def _has_blank_before(sample: bytes, delimiter: bytes, quote: bytes) -> bool:
    is_possible = not delimiter.endswith(b" ") and b" " + quote in sample
    return is_possible and re.search(re.escape(delimiter) + b" ++" + quote, sample) is not None


def _has_bare_quotes_only(sample: bytes, delimiter: bytes) -> bool:
    """Quotes stand in the middle of many cells; none stands at the start of one. Between words that says nothing."""
    if delimiter == b" ":
        return False
    opening = re.search(rb"(?:\A|[\r\n]|" + re.escape(delimiter) + rb') *+"', sample)
    # From its first quote on: whoever looked for the beginning of a line would do so at each of its bytes.
    lines = itertools.islice(re.finditer(rb'"[^\r\n]*+', sample), BARE_ENOUGH)
    return opening is None and sum(1 for _ in lines) >= BARE_ENOUGH


@functools.lru_cache(maxsize=64)
def _cells_in_quotes(delimiter: bytes) -> re.Pattern[bytes]:
    """A whole cell in quotes of either kind; inside, a quote is doubled or escaped. An apostrophe spans no lines."""
    d = re.escape(delimiter)
    start, end = rb"(?:\A|(?<=[\r\n])|(?<=" + d + rb")) *+", rb"(?=" + d + rb"|[\r\n]|\Z)"
    double = rb'"(?:[^"\\]|""|\\.)*+"'
    single = rb"'(?:[^'\\\r\n]|''|\\.)*+'"
    return re.compile(start + rb"(?:" + double + rb"|" + single + rb")" + end)
