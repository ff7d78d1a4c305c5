"""A value in; a text that is short however long the value is, and stands for it in counters, out.

Of a value of more than LONGEST characters the beginning, a digest, a hash and the length are kept: enough to tell it
from others, to count it, to compare it with shorter ones, and to show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from csvgate.core.columns.hashing import WORD, hash_bytes, hash_texts

LONGEST = 100
ELLIPSIS = "…"
_DIGEST = 12


class Abridged(str):
    """What counters keep of a value that is too long to be held as a whole."""

    __slots__ = ()


def abridge(values: Sequence[str]) -> Sequence[str]:
    """The values as counters keep them; the very same where none is long."""
    if max(map(len, values), default=0) <= LONGEST:
        return values
    return [value if len(value) <= LONGEST or isinstance(value, Abridged) else _abridged(value) for value in values]


def abridge_pieces(pieces: Iterable[str]) -> str:
    """The same as `abridge` gives for all of them as one value, which is longer than `hashing.LONGEST` bytes."""
    digest, hashed = blake2b(digest_size=_DIGEST), blake2b(digest_size=WORD)
    head, length = "", 0
    for piece in pieces:
        data = piece.encode("utf-8", "surrogatepass")
        digest.update(data)
        hashed.update(data)
        head += piece[: LONGEST - len(head)]
        length += len(piece)
    return _key(head, digest.hexdigest(), int(hashed.hexdigest(), 16), length)


def shown(key: str) -> str:
    """What people see of the value: all, or its beginning and an ellipsis."""
    return key if len(key) <= LONGEST else key[: LONGEST + 1]


def length_of(key: str) -> int:
    """The length of the value in characters."""
    return len(key) if len(key) <= LONGEST else int(key.rpartition(":")[2])


def hashes_of(keys: Sequence[str]) -> Sequence[int]:
    """The hash of each value."""
    if max(map(len, keys), default=0) <= LONGEST:
        return hash_texts(keys)
    return [hash_texts([key])[0] if len(key) <= LONGEST else int(key.split(":")[-2], 16) for key in keys]


def _abridged(value: str) -> str:
    data = value.encode("utf-8", "surrogatepass")
    digest = blake2b(data, digest_size=_DIGEST).hexdigest()
    return _key(value[:LONGEST], digest, hash_bytes(data), len(value))


def _key(head: str, digest: str, hashed: int, length: int) -> str:
    return f"{head}{ELLIPSIS}{digest}:{hashed:016x}:{length}"
