"""The value of --html and the names of files in; where each page goes, and the page written there, out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from csvgate.cli.console import note
from csvgate.cli.outfile import STANDARD_OUTPUT, is_same, writing
from csvgate.cli.sources import STANDARD_INPUT
from csvgate.errors import UsageError
from csvgate.report.words import Receipt


def places(names: Sequence[str], out: str) -> list[str]:
    """For each file where its page goes: into the directory `out`, or to `out` itself; never onto a file or a page.

    A name that ends in a slash is a directory, and is there after the call.
    """
    if out.endswith("/"):
        _make(out)
    if Path(out).is_dir():
        found = [str(Path(out, f"{_stem(name)}.html")) for name in names]
    elif len(names) > 1:
        problem = f"each file has a page of its own; name a directory, such as pages/, not {out!r}"
        raise UsageError(problem)
    else:
        found = [out]
    for place in found:
        _check(place, names, found)
    return found


def write_page(receipt: Receipt, place: str, *, everything: bool = False) -> None:
    """The page of the receipt stands under that name, whole, or is on its way to standard output."""
    from csvgate.report.page import receipt_page

    with writing(place) as out:
        out.write(receipt_page(receipt, everything=everything))
        out.publish()
    if place != STANDARD_OUTPUT:
        note(f"the page of the receipt is {place}")


def _stem(name: str) -> str:
    return "stdin" if name == STANDARD_INPUT else name.rpartition("/")[2]


def _make(directory: str) -> None:
    try:
        Path(directory).mkdir(exist_ok=True)
    except OSError as exc:
        problem = f"the directory {directory!r} cannot be made: {exc.strerror}"
        raise UsageError(problem) from None


def _check(place: str, names: Sequence[str], found: Sequence[str]) -> None:
    problem = None
    if place != STANDARD_OUTPUT and not Path(place).parent.is_dir():
        problem = f"there is no directory {str(Path(place).parent)!r}"
    elif any(name != STANDARD_INPUT and is_same(name, place) for name in names):
        problem = f"{place!r} is the file itself, which stays as it is; name another with --html"
    elif found.count(place) > 1:
        problem = f"two of the files would have the page {place!r}; inspect them one at a time"
    if problem:
        raise UsageError(problem)
