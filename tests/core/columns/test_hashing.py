"""Hashes of texts: the same everywhere, and spread like chance."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csvgate.core.columns.abridged import abridge, hashes_of
from csvgate.core.columns.hashing import hash_bytes, hash_texts


@given(st.lists(st.text(max_size=40)))
def test_a_text_has_one_hash_in_any_company(texts: list[str]) -> None:
    """Short texts are hashed together, faster, and not otherwise."""
    assert hash_texts(texts) == [hash_bytes(text.encode()) for text in texts]


@pytest.mark.parametrize("length", [8, 9, 101, 5_000])
def test_texts_that_differ_in_one_letter_have_other_hashes(length: int) -> None:
    """Wherever it stands; also in one that is too long for factors, or abridged."""
    texts = ["a" * at + "b" + "a" * (length - at - 1) for at in range(length)]
    assert len(set(hash_texts(texts))) == len(set(hashes_of(abridge(texts)))) == length
    assert hash_texts(texts) == list(hashes_of(abridge(texts)))


def test_hashes_are_the_same_in_every_process() -> None:
    """Parts that were counted elsewhere can be merged; undecodable bytes have a hash too."""
    here = hash_texts(["\udc80", "ä"])
    program = "from csvgate.core.columns.hashing import *; print(hash_texts(['\\udc80', 'ä']))"
    told = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{here}\n"}
