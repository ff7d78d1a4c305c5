"""Texts or hashes in; counted in a Distinct, many at a time, out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csvgate.core.bulk.words import HASH_FACTORS, WORD, Words, folded, mixed, places_of
from csvgate.core.columns.abridged import LONGEST
from csvgate.core.columns.distinct import LIMITS, Distinct
from csvgate.core.columns.sketch import one_by_one

_LIMITS = np.array(LIMITS, np.uint64)


def count_texts(distinct: Distinct, texts: Sequence[str]) -> None:
    """As `csvgate.core.columns.sketch.one_by_one`."""
    if max(map(len, texts), default=0) > LONGEST:
        one_by_one(distinct, texts)
    elif texts:
        count_hashes(distinct, _hashes(texts))


def count_hashes(distinct: Distinct, hashes: Words) -> None:
    """As `Distinct.add`."""
    registers, width = np.frombuffer(distinct.registers, np.uint8), 64 - distinct.precision
    places = (hashes & np.uint64(len(registers) - 1)).astype(np.int64)
    higher = places_of(hashes <= _LIMITS[registers[places]])
    _, bits = np.frexp((hashes[higher] >> np.uint64(distinct.precision)).astype(np.float64))
    np.maximum.at(registers, places[higher], (width - bits + 1).astype(np.uint8))


def _hashes(texts: Sequence[str]) -> Words:
    """As `csvgate.core.columns.hashing.hash_texts`; an array of bytes fills them up with zeros."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    count = -(-max(map(len, encoded)) // WORD)
    words = np.array(encoded, f"S{max(count, 1) * WORD}").view(">u8").astype(np.uint64).reshape(len(texts), -1)
    return mixed((folded(words) * HASH_FACTORS[: words.shape[1]]).sum(axis=1, dtype=np.uint64))
