"""Values of all columns of a table in, batch by batch; the profile of each column, and the findings on it, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from csvgate.core.columns.column import ColumnProfile, Mark, Remark
from csvgate.core.columns.profile import ColumnProfiler

# Of each column the marks that were met.
Marks = Sequence[Sequence[Mark]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Concluded:
    """What there is to say of a column when all its values are counted."""

    profile: ColumnProfile
    remarks: Sequence[Remark]


class Columns(Protocol):
    """The columns of a table, whoever counts them."""

    def add(self, columns: Iterable[Sequence[str]]) -> Marks:
        """The values, those of one column after the other, are counted; says which are the first of their shape."""

    def conclude(self, names: Sequence[str]) -> Sequence[Concluded]:
        """What there is to say of the columns, which have these names."""


class Profilers(tuple[ColumnProfiler, ...]):
    """One profiler for each column, each of which counts its values one by one."""

    __slots__ = ()

    def add(self, columns: Iterable[Sequence[str]]) -> Marks:
        """As `Columns`."""
        return [profiler.add(values) if values else () for profiler, values in zip(self, columns, strict=False)]

    def conclude(self, names: Sequence[str]) -> Sequence[Concluded]:
        """As `Columns`."""
        return [concluded(profiler, name) for profiler, name in zip(self, names, strict=False)]


def concluded(profiler: ColumnProfiler, name: str) -> Concluded:
    """What there is to say of one column; nothing more will be counted."""
    return Concluded(remarks=profiler.remarks(), profile=profiler.finish(name))
