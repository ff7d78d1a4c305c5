"""YAML is read with no surprises, and its parts with their lines."""

from __future__ import annotations

import pytest

from csvgate.yaml_text import parse


def test_what_looks_like_a_flag_or_a_date_by_chance_is_text() -> None:
    document, _ = parse(b"[yes, no, on, 2024-12-31, true, 1.5, '1', null]")
    assert document == ["yes", "no", "on", "2024-12-31", True, 1.5, "1", None]


def test_each_part_has_its_line() -> None:
    _, lines = parse(b"feeds:\n  - name: a\n    key: b\n  - name: c\n")
    assert (lines[("feeds", 0, "key")], lines[("feeds", 1)]) == (3, 4)


def test_an_alias_is_the_part_that_it_names() -> None:
    document, _ = parse(b"a: &x [1, 2]\nb: *x\n")
    assert document == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"a: 1\nb: 2\na: 3\n", "line 3: 'a' is there twice"),
        (b"a: [1\nb: 2\n", "line 2: "),
        (b"a: !!python/object:os.system x\n", "line 1: could not determine a constructor"),
        (b"? [a]\n: b\n", "line 1: found unhashable key"),
        (b"a: \x00\n", "neither YAML nor JSON: special characters are not allowed, at byte 3"),
        (b"a: \xfc\n", "neither YAML nor JSON: invalid start byte, at byte 3"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse(text)
