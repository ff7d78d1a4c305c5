"""How the cells of a head are quoted: decided on what the head shows."""

from __future__ import annotations

import pytest

from csvgate.core.dialect import Dialect
from csvgate.core.structure.quoting import quotings
from csvgate.core.structure.sniff import sniff
from csvgate.core.text.encoding import Encoding


@pytest.mark.parametrize(
    ("text", "quote", "escape", "skips"),
    [
        ("id,name\n1,'a, b'\n2,'c, d'\n", "'", None, False),
        ("id,name\n1,'say \"hi\", ok'\n2,'c'\n", "'", None, False),
        ("id,name\n1,\"a,'b','c',d\"\n2,x\n", '"', None, False),
        ("id,name\n1,'Bob'\n2,x\n", '"', None, False),
        ("id,name\n\"1\",'a'\n\"2\",'b'\n", '"', None, False),
        ('id,name\n1,"say \\"hi\\", ok"\n2,b\n', '"', "\\", False),
        ("id,name\n1,'it\\'s, ok'\n2,'b, c'\n", "'", "\\", False),
        ('id,path\n1,"C:\\dir\\"\n2,"D:\\"\n', '"', None, False),
        ('id,name\n1, "a, b"\n2,  "c"\n', '"', None, True),
        ('id,name\n1, "say \\"hi\\", ok"\n2,  "c"\n', '"', "\\", True),
        ("id,name\n1, a\n2, b\n", '"', None, False),
        ("id,size\n" + '1,5" pipe\n' * 5, None, None, False),
        ("id,size\n" + '1,5" pipe\n' * 4, '"', None, False),
        ("id,size\n" + '1,5" pipe\n' * 5 + '2,"a, b"\n', '"', None, False),
    ],
)
def test_how_cells_are_quoted_is_decided_on_evidence(
    text: str, quote: str | None, escape: str | None, *, skips: bool
) -> None:
    dialect = sniff(text.encode(), Encoding(name="utf-8"), whole=True).dialect
    assert (dialect.quote_char, dialect.escape_char, dialect.skip_initial_space) == (quote, escape, skips)
    assert dialect.double_quote is (escape is None)


def test_an_ordinary_file_has_one_way_of_quoting() -> None:
    assert list(quotings(b'a,b\n1,"c, d"\n2,it\'s\n', Dialect())) == [Dialect()]
