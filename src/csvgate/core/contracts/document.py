"""What JSON or YAML reads in; its parts, each of the kind that is wanted, and what is wrong where, out.

Everything that is wrong is noted, not only the first thing: whoever writes a contract mends it in one go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

C = TypeVar("C", bound=str)
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, at a place in the document."""

    path: Path
    message: str

    def __str__(self) -> str:
        return f"{spelled(self.path)}: {self.message}" if self.path else self.message


@dataclass(frozen=True, slots=True)
class Problems:
    """A document that cannot be used, and all that is wrong in it."""

    found: tuple[Problem, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.found))


class Node:
    """One part of a document; what is wrong with it is noted in a list that all its parts share."""

    def __init__(self, value: Any, path: Path = (), problems: list[Problem] | None = None) -> None:  # noqa: ANN401
        """The whole document, or the part of it that `path` leads to."""
        self.value = value
        self.path = path
        self._problems = [] if problems is None else problems

    @property
    def problems(self) -> Problems | None:
        """All that was noted in the document, or None."""
        return Problems(tuple(self._problems)) if self._problems else None

    def complain(self, message: str) -> None:
        """Something is wrong with this part."""
        self._problems.append(Problem(self.path, message))

    def is_object(self, known: Collection[str], *, strict: bool = True) -> bool:
        """Whether it is one; of the names in it, `known` are, and another one is wrong, or may be a slip."""
        if not isinstance(self.value, Mapping):
            self.complain(f"must be an object, not {_kind(self.value)}")
            return False
        for name in self.value:
            if name in known:
                continue
            near = get_close_matches(str(name), known, n=1, cutoff=0.6 if strict else 0.85)
            if near or strict:
                hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(known)}"
                self.at(name).complain(f"is not known here{hint}")
        return True

    def get(self, name: str) -> Node | None:
        """The part of that name, or None; null is as good as nothing."""
        there = isinstance(self.value, Mapping) and self.value.get(name) is not None
        return self.at(name) if there else None

    def items(self, name: str, *, may_be_one: bool = False) -> Iterator[Node]:
        """The parts of the list of that name; instead of a list of one, that one may be there."""
        node = self.get(name)
        return node.as_list(may_be_one=may_be_one) if node else iter(())

    def entries(self, name: str) -> Iterator[tuple[str, Node]]:
        """The names and parts of the object of that name."""
        node = self.get(name)
        if node is None:
            return
        if not isinstance(node.value, Mapping):
            node.complain(f"must be an object, not {_kind(node.value)}")
            return
        yield from ((str(key), node.at(key)) for key in node.value)

    def text(self, name: str) -> str | None:
        """The text of that name."""
        node = self.get(name)
        return node.as_text() if node else None

    def texts(self, name: str, *, may_be_one: bool = False) -> tuple[str, ...]:
        """The list of texts of that name."""
        found = (node.as_text() for node in self.items(name, may_be_one=may_be_one))
        return tuple(text for text in found if text is not None)

    def flag(self, name: str) -> bool:
        """Whether the flag of that name is set."""
        node = self.get(name)
        if node and not isinstance(node.value, bool):
            node.complain("must be true or false")
        return bool(node and node.value is True)

    def count(self, name: str) -> int | None:
        """The whole number of that name, which is not negative."""
        node = self.get(name)
        if node is None:
            return None
        if type(node.value) is int and node.value >= 0:
            return node.value
        node.complain("must be a whole number from 0 on")
        return None

    def rate(self, name: str) -> float | None:
        """The share of that name, between 0 and 1."""
        node = self.get(name)
        if node is None:
            return None
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) and 0 <= node.value <= 1:
            return float(node.value)
        node.complain("must be a share between 0 and 1, such as 0.01")
        return None

    def choice(self, name: str, choices: Sequence[C], default: C) -> C:
        """One of the words."""
        node = self.get(name)
        if node is None:
            return default
        if node.value not in choices:
            node.complain(f"{node.value!r} is not known here; use one of these: {', '.join(choices)}")
        return next((choice for choice in choices if choice == node.value), default)

    def as_text(self) -> str | None:
        """The text that this part is."""
        if isinstance(self.value, str):
            return self.value
        self.complain(f"must be a text, not {_kind(self.value)}")
        return None

    def as_list(self, *, may_be_one: bool = False) -> Iterator[Node]:
        """The parts of the list that this part is."""
        if isinstance(self.value, Sequence) and not isinstance(self.value, str):
            yield from (Node(value, (*self.path, at), self._problems) for at, value in enumerate(self.value))
        elif may_be_one:
            yield self
        else:
            self.complain(f"must be a list, not {_kind(self.value)}")

    def at(self, name: str) -> Node:
        """The part of that name, which is there."""
        return Node(self.value[name], (*self.path, name), self._problems)


def spelled(path: Path) -> str:
    """The way to a part, as `fields[2].constraints.minimum`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a flag"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    names = {str: "a text", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), type(value).__name__)
