"""A folder and a scale in; the data of the benchmark in that folder, each with its truth beside it, out.

Runs as a process of its own, so that the one that measures stays small: what a process has in memory when it starts
another counts as the other's peak.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.burst import small_csv
from benchmarks.inspect.defects import WIDTH as DEFECTS_WIDTH
from benchmarks.inspect.defects import write_defects
from benchmarks.inspect.quoted import write_quoted
from benchmarks.inspect.taxi import write_taxi
from benchmarks.inspect.truth import Dataset, Defect, Figures, Truth, load, recipe_of, save
from benchmarks.inspect.wide import write_wide

TABLES: Mapping[str, tuple[Callable[[Path, int], dict[str, Figures]], int]] = {
    "taxi": (write_taxi, 7_000_000),
    "text": (write_quoted, 1_700_000),
    "wide": (write_wide, 50_000),
    # What the slow ones can finish: about 2 MB.
    "taxi-slice": (write_taxi, 14_000),
    "text-slice": (write_quoted, 7_000),
}
DEFECTS, SMALL = 1_180_000, 1_000
LEAST = 400
LEVEL = 3
RECIPE = ("columns.py", "taxi.py", "quoted.py", "wide.py", "defects.py", "datasets.py")
NAMES = (*TABLES, "taxi-gz", "defects", "small")


def make(name: str, folder: Path, scale: float) -> Dataset:
    """The dataset lies in the folder; it is made if this very recipe did not make it before."""
    truth, recipe = folder / f"{name}.json", f"{_recipe()} at {scale:g}"
    if recipe_of(truth) == recipe:
        return load(truth)
    print(f"making {name} ...", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    made = Dataset(name=name, files=_made(name, folder, scale))
    save(made, truth, recipe)
    return made


def _made(name: str, folder: Path, scale: float) -> tuple[Truth, ...]:
    if name == "small":
        return tuple(_small(folder / "small" / f"{number:04}.csv") for number in range(round(SMALL * scale) or 1))
    if name == "taxi-gz":
        return (_packed(make("taxi", folder, scale).files[0], folder / "taxi.csv.gz"),)
    path = folder / f"{name}.csv"
    if name == "defects":
        rows = max(LEAST, round(DEFECTS * scale))
        return (_broken(path, rows, write_defects(path, rows)),)
    write, full = TABLES[name]
    rows = max(LEAST, round(full * scale))
    return (_whole(path, rows, write(path, rows)),)


def _small(path: Path) -> Truth:
    path.parent.mkdir(exist_ok=True)
    text = small_csv(path.name)
    path.write_bytes(text)
    return _written(path, rows=text.count(b"\n") - 1, columns=text.split(b"\n")[0].count(b",") + 1)


def _packed(plain: Truth, path: Path) -> Truth:
    with Path(plain.path).open("rb") as source, gzip.open(path, "wb", compresslevel=LEVEL) as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return _whole(path, plain.rows, plain.figures)


def _broken(path: Path, rows: int, defects: tuple[Defect, ...]) -> Truth:
    written = _written(path, rows, DEFECTS_WIDTH)
    return replace(written, verdict="warning", defects=defects)


def _whole(path: Path, rows: int, figures: Mapping[str, Figures]) -> Truth:
    return replace(_written(path, rows, len(figures)), figures=figures)


def _written(path: Path, rows: int, columns: int) -> Truth:
    """What every file has, once it lies there."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Truth(path=str(path), rows=rows, columns=columns, bytes=path.stat().st_size, sha256=sha256)


def _recipe() -> str:
    """Changes when a generator does."""
    sources = b"".join(Path(__file__).with_name(name).read_bytes() for name in RECIPE)
    return hashlib.sha256(sources).hexdigest()[:16]


def main() -> None:
    """The named datasets lie in the folder."""
    parser = argparse.ArgumentParser(description="Make the data of the benchmark.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("scale", type=float)
    parser.add_argument("names", nargs="+", choices=NAMES)
    asked = parser.parse_args()
    for name in asked.names:
        make(name, asked.folder, asked.scale)


if __name__ == "__main__":
    main()
