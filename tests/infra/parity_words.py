"""What the translations of `tests/infra/parity.py` share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Properties = dict[str, Any]
# The type of a resource and its attributes; by the first of them it is found.
Planned = tuple[str, Properties]
Translation = Callable[[Properties], Iterator[Planned]]


def renamed(given: Properties, names: Mapping[str, str]) -> Properties:
    """What is the same in both but for its name."""
    return {attribute: given.pop(name) for name, attribute in names.items() if name in given}
