"""Datasets and contenders in; each pair measured and judged in turn, round by round, out."""

from __future__ import annotations

import re
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import machine
from benchmarks.inspect import judge
from benchmarks.inspect.lineup import CONTENDERS, ENTRIES, Contender, Said
from benchmarks.inspect.process import Ended, run
from benchmarks.inspect.truth import Dataset

RIGHT = "right"
GIVEN_UP = "given up"
ERROR = re.compile(r"^\S*(?:Error|Exception)\b.*", re.MULTILINE)
LONGEST_ANSWER = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One contender on one dataset, once. `work_seconds` are those without start and imports, where it tells them."""

    dataset: str
    contender: str
    round: int
    load_before: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    answer: str
    work_seconds: float | None = None
    distinct_off: float | None = None


def measured(dataset: Dataset, contenders: Sequence[str], rounds: int) -> Iterator[Result]:
    """Each contender that is entered for the dataset, in turn, so many times; one that was given up, once."""
    _warm(dataset)
    entered = [name for name in ENTRIES[dataset.name] if name in contenders]
    for number in range(1, rounds + 1):
        load = machine.load()
        for name in tuple(entered):
            result = _once(dataset, name, number, load)
            _tell(result)
            if GIVEN_UP in result.answer:
                entered.remove(name)
            yield result


def medians_of(results: Iterable[Result]) -> dict[tuple[str, str], Result]:
    """By dataset and contender, one result for all its rounds."""
    grouped: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        grouped.setdefault((result.dataset, result.contender), []).append(result)
    return {key: _median(rounds) for key, rounds in grouped.items()}


def _median(rounds: Sequence[Result]) -> Result:
    """The median of each figure, but the greatest of the peaks; every different answer."""
    works = [result.work_seconds for result in rounds if result.work_seconds is not None]
    return replace(
        rounds[0],
        round=0,
        load_before=", ".join(result.load_before for result in rounds),
        seconds=round(statistics.median(result.seconds for result in rounds), 3),
        cpu_seconds=round(statistics.median(result.cpu_seconds for result in rounds), 3),
        peak_mb=max(result.peak_mb for result in rounds),
        answer=" / ".join(sorted({result.answer for result in rounds})),
        work_seconds=round(statistics.median(works), 4) if works else None,
    )


def _once(dataset: Dataset, name: str, number: int, load: str) -> Result:
    contender = CONTENDERS[name]
    ended = run([*contender.command, *(file.path for file in dataset.files)])
    said, answer = understood(ended, contender, dataset)
    return Result(
        dataset=dataset.name,
        contender=name,
        round=number,
        load_before=load,
        seconds=round(ended.seconds, 3),
        cpu_seconds=round(ended.cpu_seconds, 3),
        peak_mb=round(ended.peak_bytes / 1e6, 1),
        answer=answer,
        work_seconds=said.seconds if said else None,
        distinct_off=judge.distinct_off(said.answers, dataset.files) if said else None,
    )


def understood(ended: Ended, contender: Contender, dataset: Dataset) -> tuple[Said | None, str]:
    """What was said, and whether it is right: `right`, `wrong: ...` or `error: ...`."""
    folder = f"{Path(dataset.files[0].path).parent}/"
    if ended.exit_code not in contender.answered:
        return None, shortened(f"error: {_reason(ended)}".replace(folder, ""))
    said = contender.understand(ended.output)
    wrong = judge.complaints(said.answers, dataset.files)
    more = f"; and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return said, shortened(f"wrong: {wrong[0]}{more}") if wrong else RIGHT


def shortened(text: str) -> str:
    """Fits into a table."""
    line = " ".join(text.split()).replace("|", "/")
    return line if len(line) <= LONGEST_ANSWER else f"{line[:LONGEST_ANSWER]}…"


def _reason(ended: Ended) -> str:
    if ended.given_up:
        return f"{GIVEN_UP}: {ended.given_up}"
    if ended.exit_code < 0:
        return f"killed by signal {-ended.exit_code}"
    found = ERROR.findall(ended.complaint) or ended.complaint.strip().splitlines() or ["it said nothing"]
    return str(found[-1])


def _warm(dataset: Dataset) -> None:
    """The files are in the page cache: disks are not what is measured."""
    for file in dataset.files:
        with Path(file.path).open("rb", buffering=0) as opened:
            while opened.read(1 << 20):
                pass


def _tell(result: Result) -> None:
    figures = f"{result.seconds:.2f} s, {result.cpu_seconds:.2f} s of processor, {result.peak_mb:.0f} MB"
    print(f"{result.dataset}, round {result.round}, {result.contender}: {figures}, {result.answer}", file=sys.stderr)
