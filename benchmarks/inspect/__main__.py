"""Options in; `csvgate inspect` measured beside its peers, as a table and in `benchmarks/results/inspect.*`, out.

python -m benchmarks.inspect --scale 0.01 --rounds 1
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks import machine, output
from benchmarks.inspect.lineup import CONTENDERS, ENTRIES
from benchmarks.inspect.page import page
from benchmarks.inspect.process import CHECKOUT
from benchmarks.inspect.report import Report
from benchmarks.inspect.rounds import measured
from benchmarks.inspect.single import start, survival
from benchmarks.inspect.truth import Dataset, load

DATA = CHECKOUT / "build" / "bench"
PEERS = ("csvkit", "duckdb", "frictionless", "pandas", "polars")


def main(arguments: Sequence[str] | None = None) -> None:
    """The table is printed and written; the data are gone again unless they are to be kept.

    Only a whole run at full size renews the results of the repository; a trial's lie beside its data.
    """
    asked = options().parse_args(arguments)
    folder = asked.data / f"{asked.scale:g}"
    try:
        report = measure(datasets(folder, asked.scale, asked.only), asked)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    is_whole = asked.scale == 1 and {*asked.only} == {*ENTRIES} and {*asked.contenders} == {*CONTENDERS}
    text = page(report)
    output.write("inspect", report.to_json(), text, output.RESULTS if is_whole else asked.data)
    print(text)


def options() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inspect", description=__doc__)
    parser.add_argument("--only", type=_names(ENTRIES), default=tuple(ENTRIES), help=f"some of {', '.join(ENTRIES)}")
    parser.add_argument(
        "--contenders", type=_names(CONTENDERS), default=tuple(CONTENDERS), help=f"some of {', '.join(CONTENDERS)}"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--scale", type=float, default=1.0, help="the size of the data (default 1: about 2.5 GB)")
    parser.add_argument("--keep", action="store_true", help="keep the data for the next run")
    parser.add_argument("--data", type=Path, default=DATA, help="where the data are made (default build/bench)")
    return parser


def datasets(folder: Path, scale: float, names: Sequence[str]) -> list[Dataset]:
    """The datasets lie in the folder; those that lay there are used again."""
    command = [sys.executable, "-m", "benchmarks.inspect.datasets", str(folder.absolute()), str(scale), *names]
    subprocess.run(command, cwd=CHECKOUT, check=True)
    return [load(folder / f"{name}.json") for name in names]


def measure(made: Sequence[Dataset], asked: argparse.Namespace) -> Report:
    """All that is asked for is measured: in turn first, then what only csvgate is asked."""
    results = tuple(result for dataset in made for result in measured(dataset, asked.contenders, asked.rounds))
    by_name = {dataset.name: dataset for dataset in made} if "csvgate" in asked.contenders else {}
    return Report(
        scale=asked.scale,
        machine=facts(),
        datasets=tuple(made),
        results=results,
        start=start(by_name["small"]) if "small" in by_name else None,
        survival=survival(by_name["taxi"]) if "taxi" in by_name else None,
    )


def facts() -> dict[str, str]:
    """The machine and the versions of all that was measured on it."""
    own = {name: fact for name, fact in machine.facts().items() if name not in {"ministack", "boto3"}}
    return {**own, **{peer: version(peer) for peer in PEERS}}


def _names(known: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    """Reads names that are separated by commas, in their usual order."""

    def read(text: str) -> tuple[str, ...]:
        given = set(text.split(","))
        if strange := given.difference(known):
            problem = f"not known: {', '.join(sorted(strange))}"
            raise argparse.ArgumentTypeError(problem)
        return tuple(name for name in known if name in given)

    return read


if __name__ == "__main__":
    main()
