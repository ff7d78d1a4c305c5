"""Before gigabytes leave, the first and the last bytes say what the gate would say."""

from __future__ import annotations

import gzip

import pytest

from csvgate.core.preview import Preview, preview

WINDOW = 4096
HEADER = b"id,name,note\n"


def records(count: int, note: bytes = b"plain") -> bytes:
    return b"".join(b"%d,Ada,%s\n" % (number, note) for number in range(count))


def of(content: bytes) -> Preview:
    """As a browser asks: a window from the start and one from the end."""
    return preview(content[:WINDOW], content[WINDOW:][-WINDOW:], size=len(content))


def codes(found: Preview) -> set[str]:
    return {finding.code for finding in found.findings}


def test_a_small_file_is_judged_as_it_will_be() -> None:
    found = of(HEADER + b"1,Ada\n")
    assert (found.is_whole, found.verdict, codes(found)) == (True, "warning", {"missing-cell"})


def test_windows_that_overlap_are_one_file() -> None:
    content = HEADER + records(10)
    found = preview(content, content[-50:], size=len(content))
    assert (found.is_whole, found.inspection.row_count) == (True, 10)


def test_of_a_large_file_the_ends_are_enough_to_know_what_it_is() -> None:
    found = of(HEADER + records(5_000))
    assert (found.is_whole, found.verdict, found.inspection.column_names) == (False, "ok", ("id", "name", "note"))


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (b'1,Ada,"never closed\n2,Grace,x\n', "unclosed-quote"),
        (b"1,2\n" * 40, "missing-cell"),
        (b"1\n", "missing-cell"),
    ],
)
def test_trouble_near_the_end_is_seen(end: bytes, code: str) -> None:
    assert code in codes(of(HEADER + records(5_000) + end))


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_values_over_several_lines_are_no_trouble_wherever_the_cut_falls(lines: int) -> None:
    note = b'"' + b"one, two\n" * lines + b'end"'
    for shift in range(0, 60, 7):
        found = of(HEADER + b"x" * shift + b",a,b\n" + records(2_000, note))
        assert not codes(found) & {"unclosed-quote", "missing-cell", "extra-cell", "stray-quote"}


@pytest.mark.parametrize("head", [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"<!doctype html><html><body>"])
def test_what_is_no_csv_is_told_before_it_leaves(head: bytes) -> None:
    found = of(head + b"\0\xff<p>" * 5_000)
    assert (found.verdict, codes(found)) == ("rejected", {"not-csv"})


def test_utf_16_and_compressed_files_are_understood_by_their_beginning() -> None:
    text = (HEADER + records(5_000)).decode()
    wide = of(text.encode("utf-16"))
    packed = gzip.compress(text.encode(), compresslevel=1)
    assert (wide.verdict, wide.inspection.dialect.encoding[:6]) == ("ok", "utf-16")
    assert (len(packed) > 2 * WINDOW, of(packed).inspection.compression, codes(of(packed))) == (True, "gzip", set())


def test_a_line_is_named_only_where_it_is_known() -> None:
    early = of(HEADER + b"1,Ada\n" + records(5_000)).to_json()["findings"]
    late = of(HEADER + records(5_000) + b"1,Ada\n").to_json()["findings"]
    assert [(found["code"], found["line"]) for found in early] == [("missing-cell", 2)]
    assert [(found["code"], found["line"]) for found in late] == [("missing-cell", None)]
