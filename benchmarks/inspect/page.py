"""What was measured in; a page for people out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.inspect.aims import Aim, Medians, ratio
from benchmarks.inspect.lineup import CONTENDERS, ENTRIES
from benchmarks.inspect.report import Report
from benchmarks.inspect.rounds import Result
from benchmarks.inspect.single import RUNS
from benchmarks.inspect.truth import Dataset
from benchmarks.markdown import table

WHAT = {
    "taxi": "numbers and times, 19 columns",
    "text": "quoted text with line breaks, commas and doubled quotes",
    "wide": "1,000 columns",
    "taxi-gz": "the first one, compressed",
    "defects": "78 ragged records, 39 places of invalid UTF-8, quoted line breaks",
    "small": "files of 2 KB, one after the other in one process",
    "taxi-slice": "a slice that the slow ones can finish: numbers and times",
    "text-slice": "a slice that the slow ones can finish: quoted text",
}
TITLES = ("", "wall, s", "x SUMMARIZE", "x wc", "processor, s", "peak, MB", "distinct off", "answer")
HOW = (
    "Every contender is a process of its own, started with warm files, in turn; medians of the rounds.",
    "Wall time, processor time and memory are seen from outside.",
    "Peak memory is the kernel's high-water mark of the largest process or, where a contender runs as several, the",
    "greatest sum of their proportional shares (PSS) that was seen, whichever is more; the largest of the rounds.",
    "The generator knows records, columns, types, nulls, distinct values, least, greatest and mean.",
    "What a contender tells of them is compared; what it does not tell is not.",
    "One that takes more than half of the machine's memory, or ten minutes, is given up and not tried again.",
    "`distinct off` is how far the worst approximate count of distinct values is from the truth.",
)


def page(report: Report) -> str:
    """The whole page, aims first."""
    medians = report.medians()
    lines = ["# Inspect", "", *_trial(report), *_aims(report.aims()), *HOW, ""]
    for dataset in report.datasets:
        lines += [*_dataset(dataset, medians), ""]
    lines += [*_alone(report), "How each is called:", "", *table(["", ""], _calls(medians)), ""]
    return "\n".join([*lines, "Machine:", "", *table(["", ""], report.machine.items()), ""])


def _trial(report: Report) -> list[str]:
    return [] if report.scale == 1 else [f"A trial at {report.scale:g} of the size: the aims are not meant for it.", ""]


def _alone(report: Report) -> Iterator[str]:
    """What only csvgate was asked."""
    if start := report.start:
        yield f"`csvgate inspect small.csv` as a whole process: {start.seconds * 1000:.0f} ms, the median of {RUNS};"
        yield f"a Python that does nothing: {start.python_seconds * 1000:.0f} ms."
        yield ""
    if lived := report.survival:
        yield f"taxi under a hard limit of {lived.limit_mb:.0f} MiB ({lived.kind}): {lived.answer}"
        yield f"in {lived.seconds:.1f} s, at most {lived.peak_mb:.0f} MiB counted."
        yield ""


def _aims(aims: Sequence[Aim]) -> list[str]:
    verdicts = {True: "reached", False: "**not reached**", None: "not measured"}
    return [*table(["", "aim", "measured", ""], ([a.what, a.aim, a.measured, verdicts[a.reached]] for a in aims)), ""]


def _dataset(dataset: Dataset, medians: Medians) -> Iterator[str]:
    results = [medians[key] for name in ENTRIES[dataset.name] if (key := (dataset.name, name)) in medians]
    files = f"{len(dataset.files):,} files" if len(dataset.files) > 1 else "one file"
    yield f"## {dataset.name}: {WHAT[dataset.name]}"
    yield ""
    load = results[0].load_before if results else "-"
    yield f"{files}, {dataset.bytes / 1e6:,.1f} MB, {dataset.rows:,} records."
    yield f"The load of the whole machine before each round: {load}."
    yield ""
    shares = _shares(dataset)
    yield from table([*TITLES, *shares], (_row(dataset, result, medians) for result in results))


def _shares(dataset: Dataset) -> dict[str, float]:
    """What else is told of the time: what to divide it by, in seconds, and how that is called."""
    if dataset.name.endswith("slice"):
        return {"a MB, s": dataset.bytes / 1e6}
    return {"a file, ms": len(dataset.files) / 1000} if len(dataset.files) > 1 else {}


def _row(dataset: Dataset, result: Result, medians: Medians) -> list[str]:
    floor = "zcat-wc" if dataset.name == "taxi-gz" else "wc"
    ratios = [ratio(medians, dataset.name, rival, result.contender) for rival in ("duckdb", floor)]
    work = result.work_seconds or result.seconds
    return [
        result.contender,
        f"{result.seconds:.2f}",
        *("-" if times is None else _times(times) for times in ratios),
        f"{result.cpu_seconds:.2f}",
        f"{result.peak_mb:.0f}",
        "-" if result.distinct_off is None else f"{result.distinct_off:.1%}",
        result.answer,
        *(f"{work / share:.2f}" for share in _shares(dataset).values()),
    ]


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"


def _calls(medians: Medians) -> Iterator[tuple[str, str]]:
    met = {contender for _, contender in medians}
    return ((name, contender.what) for name, contender in CONTENDERS.items() if name in met)
