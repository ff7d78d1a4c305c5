"""Positions in a pattern, and which may follow which, in; whether a whole text is matched out, one step a character.

Nothing is ever tried twice, so no text and no pattern can make it hang. Glushkov's automaton (1961); its sets of
positions are the bits of integers, and what was found out about a set is kept, within bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import getitem

Takes = Callable[[str], object]
START = 1
BYTE = 8
# What is known of so many steps is kept; then it is found out anew.
MOST_STEPS = 20_000


class Automaton:
    """Matches texts; `takes` says for each position which characters stand there, position 0 is before them all."""

    def __init__(self, takes: Sequence[Takes], following: Sequence[int], ends: int) -> None:
        """`following` are the sets of positions behind each one, `ends` is the set in which a text may end."""
        self._tests: dict[Takes, int] = {}
        for at, test in enumerate(takes, start=1):
            self._tests[test] = self._tests.get(test, 0) | 1 << at
        self._following = following
        self._size = len(following) // BYTE + 1
        self._ends = ends
        self._behind: dict[tuple[int, int], int] = {}
        self._at: dict[str, int] = {}
        self._states: dict[int, _State] = {}
        self._steps = 0

    def matches(self, text: str) -> bool:
        """Whether the pattern is about the whole text."""
        return bool(reduce(getitem, text, self.state(START)).positions & self._ends)

    def state(self, positions: int) -> _State:
        """What is known of a set of positions."""
        found = self._states.get(positions)
        if found is None:
            found = self._states[positions] = _State(positions, self)
        return found

    def step(self, reach: int, character: str) -> _State:
        """Where a character leads from positions behind which are those of `reach`."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            self._forget()
        return self.state(reach & self._positions_of(character))

    def reach(self, positions: int) -> int:
        """All positions behind one of these: eight at a time."""
        found = 0
        for place, eight in enumerate(positions.to_bytes(self._size, "little")):
            if eight:
                found |= self._behind_eight(place, eight)
        return found

    def _behind_eight(self, place: int, eight: int) -> int:
        found = self._behind.get((place, eight))
        if found is None:
            found = 0
            for bit in bits(eight):
                found |= self._following[place * BYTE + bit]
            self._behind[place, eight] = found
        return found

    def _positions_of(self, character: str) -> int:
        found = self._at.get(character)
        if found is None:
            found = self._at[character] = sum(where for test, where in self._tests.items() if test(character))
        return found

    def _forget(self) -> None:
        for state in list(self._states.values()):
            state.clear()
        self._states.clear()
        self._at.clear()
        self._steps = 0


class _State(dict[str, "_State"]):
    """Where each character leads from a set of positions, as far as it was asked."""

    __slots__ = ("_automaton", "_reach", "positions")

    def __init__(self, positions: int, automaton: Automaton) -> None:
        super().__init__()
        self.positions = positions
        self._reach: int | None = None
        self._automaton = automaton

    def __missing__(self, character: str) -> _State:
        if self._reach is None:
            self._reach = self._automaton.reach(self.positions)
        found = self._automaton.step(self._reach, character)
        self[character] = found
        return found


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
