"""What is no CSV is called by its name."""

from __future__ import annotations

import pytest

from csvgate.core.text.recognise import recognise
from tests.core.text.test_unzip import zipped

SQL = "an SQL script, such as the dump of a database"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (zipped(("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")), "an Excel workbook (.xlsx)"),
        (zipped(("mimetype", b"x"), ("content.xml", b"x")), "an OpenDocument file"),
        (zipped(("META-INF/x", b"x")), "a document packed as a zip archive"),
        (zipped(("a.csv", b"x")), "data that was compressed twice"),
        (zipped(), "a zip archive without a file"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\n<!doctype HTML>\n<p>x", "an HTML page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "an XML document"),
        (b"<Error><Code>AccessDenied</Code></Error>", "an XML document"),
        (b"+--+----+\n| a | b |\n", "a table drawn for people to read, as database shells print it"),
        (b"| a | b |\r\n|:--|--:|\r\n| 1 | 2 |\r\n", "a Markdown table"),
        (b'{"a": 1}', "a JSON document"),
        (b'[{"a": 1},\n{"a": 2}]', "a JSON document"),
        (b'[{"a": "' + b"x" * 70_000, "a JSON document"),
        (bytes(range(32)) * 20, "binary data"),
        (b"\0" * 100, "binary data"),
        (b"PAR1\x15\x04\x15\x00", "a Parquet file"),
        (b"<!-- saved -->\n<!-- twice --><html>", "an HTML page"),
        (b"<!-- saved - by -- us --><report><row/></report>", "an XML document"),
        (b"-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `t`;\n", SQL),
        (b"--\n-- PostgreSQL database dump\n--\n\n\\restrict x\n\nSET statement_timeout = 0;\n", SQL),
        (b"INSERT INTO t (a, b)\nVALUES (1, 'x; y');", SQL),
        (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n", SQL),
        (b"\x1f\x9d\x90abcabc\n", "data compressed by `compress` (.Z), which is not read"),
    ],
)
def test_other_formats_are_named(head: bytes, name: str) -> None:
    assert recognise(head) == name


@pytest.mark.parametrize(
    "head",
    [
        b"a,b\n1,2\n",
        b"ORCID,name\n1,Anna\n",
        b"PAR1,PAR2\n1,2\n",
        b"GIF8,x\n",
        b"<TICKER>,<PER>,<DATE>\nA,D,20240101\n",
        b"<b>Name</b>,City\nAnna,Ulm\n",
        b"id\x01name\n1\x01Anna\n",
        b"<5,>5\n1,2\n",
        b'{x},y\n"{}",2\n',
        b"[1],[2]\n3,4\n",
        b"a\x1fb\n1\x1f2\n",
        b"x\x07,y\n1,a long enough line\n",
        b"begin;\n1;\n",
        b"SET id;SET name\n1;2\n",
        b"create table;x;\n1;2;\n",
        b"Insert into,values\n1,2\n",
        b"-- a,b\n1,2\n",
        b"<!---->" * 40 + b"a,b\n1,2\n",
    ],
)
def test_odd_text_is_not_refused(head: bytes) -> None:
    assert recognise(head) is None
