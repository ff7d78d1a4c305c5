"""Every repetition is found and no other, whatever is held at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.contracts.uniqueness import Known, Seen, parts_for

keys = st.lists(st.none() | st.text(max_size=2) | st.sampled_from(["a" * 17, "a" * 18, "\ud800"]), max_size=40)


def repeated(texts: list[str | None]) -> list[int]:
    """Slowly, and obviously right."""
    return [at for at, text in enumerate(texts) if text is not None and text in texts[:at]]


@given(keys, st.integers(min_value=1, max_value=9))
def test_however_the_keys_are_cut_what_came_before_is_repeated(texts: list[str | None], size: int) -> None:
    seen, found = Seen(), []
    for start in range(0, len(texts), size):
        piece = texts[start : start + size]
        found += [start + at for at in seen.repeated(range(len(piece)), piece)]
    assert found == repeated(texts)


@given(keys, st.integers(min_value=1, max_value=5))
def test_the_parts_together_find_what_the_whole_finds(texts: list[str | None], parts: int) -> None:
    numbers, known = range(1, len(texts) + 1), Known(len(texts))
    for part in range(parts):
        known.add(numbers[at] for at in Seen(part, parts).repeated(numbers, texts))
    assert known.repeated(numbers, texts) == repeated(texts)


def test_there_are_as_many_parts_as_are_needed() -> None:
    assert [parts_for(keys, limit=10) for keys in (0, 10, 11, 30)] == [1, 1, 2, 3]
