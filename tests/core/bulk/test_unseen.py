"""Cells with characters that nobody sees, of many records at once."""

from __future__ import annotations

from csvgate.core.bulk import sheet
from csvgate.core.bulk.sheet import cut
from csvgate.core.dialect import Dialect
from csvgate.core.structure.batch import Start
from csvgate.core.structure.grammar import grammar_of
from csvgate.core.text.encoding import Encoding


def test_each_cell_is_found_once_where_it_stands() -> None:
    """Behind doubled quotes, too; a no-break space counts at an end only."""
    odd = ['2,"a ""b"" c"\n', '3\u200b\u200b,"\u00a0x, y"\n', "4,La\u00a0Paz\n", "5,é\u00ad\n"]
    data = "".join([*["1,Anna\n"] * sheet.FEWEST, *odd, *["6,Bob\n"] * 9]).encode()
    found = cut(data, Start(row=1, offset=0, line=2), grammar_of(Dialect()), Encoding(name="utf-8"), width=2)
    assert found is not None
    rows = [sheet.FEWEST + 1, sheet.FEWEST + 1, sheet.FEWEST + 3]
    texts = ["3\u200b\u200b", "\u00a0x, y", "é\u00ad"]
    assert list(found.unseen()) == list(zip(rows, [0, 1, 1], texts, strict=True))
