"""How a sender writes what was promised, where that differs, in; the schema by which his cells are read out.

Cleansing is for rows on their way to a sink: the stored original is never touched, and quarantine shows it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from csvgate.core.contracts.schema import Field, Schema


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleansing:
    """`rename` leads from labels to names of fields; `trim` names fields (or `*` for all) whose blanks are cut off.

    `nulls` stand for no value in every field, beside those of the contract; `formats` says by field how it is written:
    `format`, `decimal_char`, `group_char`, `true_values`, `false_values`, as a Field has them.
    """

    rename: Mapping[str, str] = field(default_factory=dict)
    trim: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    formats: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def renamed(self, names: Sequence[str]) -> tuple[str, ...]:
        """The labels of a file, as the contract calls them."""
        return tuple(self.rename.get(name, name) for name in names)

    def is_trimmed(self, name: str) -> bool:
        """Whether blanks around the values of the field are no part of them."""
        return "*" in self.trim or name in self.trim

    def as_written(self, promised: Field, schema: Schema) -> Field:
        """The field as the sender writes it, with all that stands for no value in it."""
        missing = schema.missing_values if promised.missing_values is None else promised.missing_values
        return replace(promised, **self.formats.get(promised.name, {}), missing_values=(*missing, *self.nulls))


NO_CLEANSING = Cleansing()
