"""What a generator wrote in, as JSON beside its file; the same out, to judge answers by. Knows nothing of csvgate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What holds for one column, exactly; `min` and `max` as they are spelled in the file."""

    type: str
    nulls: int
    distinct: int
    min: str | None = None
    max: str | None = None
    mean: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Defect:
    """What was broken on purpose: data records and physical lines count from 1, bytes from 0."""

    code: str
    record: int
    line: int
    byte_offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """What one file is; `figures` are those of the columns that the generator keeps account of."""

    path: str
    rows: int
    columns: int
    bytes: int
    sha256: str
    verdict: str = "ok"
    figures: Mapping[str, Figures] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """Files that are measured together, and what they are."""

    name: str
    files: tuple[Truth, ...]

    @property
    def bytes(self) -> int:
        """The stored size of all files."""
        return sum(file.bytes for file in self.files)

    @property
    def rows(self) -> int:
        """The records of all files."""
        return sum(file.rows for file in self.files)


def save(dataset: Dataset, path: Path, recipe: str) -> None:
    """The truth lies beside the data; `recipe` names what made them."""
    path.write_text(json.dumps({"recipe": recipe, **asdict(dataset)}, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Dataset:
    """The dataset that lies here."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Dataset(name=found["name"], files=tuple(_truth(file) for file in found["files"]))


def recipe_of(path: Path) -> str | None:
    """What made the dataset that lies here, if there is one."""
    return str(json.loads(path.read_text(encoding="utf-8"))["recipe"]) if path.exists() else None


def _truth(found: Mapping[str, Any]) -> Truth:
    figures = {name: Figures(**column) for name, column in found["figures"].items()}
    defects = tuple(Defect(**defect) for defect in found["defects"])
    return Truth(**{**found, "figures": figures, "defects": defects})
