"""All that was measured, as one value; its medians, its aims and its JSON document out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.inspect.aims import Aim, Medians, judged
from benchmarks.inspect.rounds import Result, medians_of
from benchmarks.inspect.single import Start, Survival
from benchmarks.inspect.truth import Dataset


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One run of the benchmark: what it was run on and everything that was seen."""

    scale: float
    machine: Mapping[str, str]
    datasets: tuple[Dataset, ...]
    results: tuple[Result, ...]
    start: Start | None
    survival: Survival | None

    def medians(self) -> Medians:
        """By dataset and contender."""
        return medians_of(self.results)

    def aims(self) -> list[Aim]:
        """What was aimed at, and whether it was reached."""
        files = next((len(dataset.files) for dataset in self.datasets if dataset.name == "small"), 0)
        return judged(self.medians(), files=files, start=self.start, survival=self.survival)

    def to_json(self) -> dict[str, Any]:
        """The document: figures in seconds and megabytes, no path of any machine."""
        return {
            "scale": self.scale,
            "machine": self.machine,
            "aims": [asdict(aim) for aim in self.aims()],
            "datasets": {
                dataset.name: {"files": len(dataset.files), "bytes": dataset.bytes, "records": dataset.rows}
                for dataset in self.datasets
            },
            "medians": [asdict(result) for result in self.medians().values()],
            "start": asdict(self.start) if self.start else None,
            "survival": asdict(self.survival) if self.survival else None,
            "rounds": [asdict(result) for result in self.results],
        }
