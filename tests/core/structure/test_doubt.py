"""A dialect is in doubt where another one reads the file as evenly, and only there."""

from __future__ import annotations

import pytest

from csvgate.core.structure.sniff import sniff
from csvgate.core.text.encoding import Encoding


def doubt(text: str) -> str:
    return sniff(text.encode(), Encoding(name="utf-8"), whole=True).doubt


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id|size,unit\n1|20,kg\n2|35,kg\n", "with a comma, it would have 2"),
        ("a,b,c\n1,2\n3,4,5,6\n7\n8,9\n", "the first records have from 1 to 4 of them"),
        ("line\nhello, you\nbye, all\nyes, no\n", "3 of the first 4 lines hold a comma"),
        ('"id;name"\n"1;Ann"\n"2;Bob"\n', "each holds a semicolon"),
        ("id  name\n1   Ann\n2   Bob\n", "blanks line up 2 columns"),
        ("2024-01-31 10:30:59 INFO it begins\n2024-01-31 10:31:02 ERROR it ends\n", "as those of a log do"),
        ("Jan 31 10:30:59 host app: it begins\nJan 31 10:31:02 host app: it ends\n", "as those of a log do"),
        ("2024-01-31 10:30:59,123 INFO it begins\n2024-01-31 10:31:02,456 ERROR it ends\n", "in times of a log"),
        ("Traceback (most recent call last):\n  File x\nKeyError\n", "reads like a message"),
        ("# made by a machine\n5\n6\n", "written like a comment"),
        ("sep=|\nid,n\n1,2\n", "line 1 says that a pipe stands between cells"),
    ],
)
def test_what_speaks_for_another_reading_is_said(text: str, said: str) -> None:
    assert said in doubt(text)


@pytest.mark.parametrize(
    "text",
    [
        "id;price\n1;2,50\n2;3,75\n",
        "2,50;3,75;4,25\n1,50;2,75;3,25\n",
        "at,v\n10:00,1\n10:01,2\n",
        "id,tags\n1,a;b\n2,c;d\n",
        "name\taddress\nAnn\tUlm, BW\nBob\tBonn, NW\n",
        'name\n"Meyer, Ann"\n"Weber, Bob"\n',
        "amount\n1,50\n2,50\n",
        "text\n",
        "2024-01-31 10:30:59\n2024-01-31 10:31:02\n",
        "at,v\n10:30:59,123\n10:31:02,456\n",
        "full name of customer\nAnn Meyer\nBob\n",
        "sep=;\nid;n\n1;2\n",
    ],
)
def test_an_ordinary_file_is_in_no_doubt(text: str) -> None:
    assert doubt(text) == ""
