"""Long values in counters."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from csvgate.core.columns.abridged import LONGEST, abridge, length_of, shown

texts = st.text(alphabet="ab…\ud800", min_size=LONGEST - 3, max_size=LONGEST + 3)


@given(texts, texts)
@example("a" * LONGEST + "b", "a" * LONGEST + "c")
def test_what_is_kept_tells_values_apart_and_knows_their_length(one: str, other: str) -> None:
    """And shows how they begin."""
    keys = abridge([one, other])
    assert (keys[0] == keys[1]) is (one == other)
    assert list(map(length_of, keys)) == [len(one), len(other)]
    assert [shown(key)[:LONGEST] for key in keys] == [one[:LONGEST], other[:LONGEST]]
    assert max(map(len, keys)) <= 2 * LONGEST


def test_short_values_are_kept_as_they_are() -> None:
    """Without so much as a copy."""
    values = ["a" * LONGEST, ""]
    assert abridge(values) is values
    assert shown(values[0]) == values[0]
