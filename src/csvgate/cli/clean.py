"""csvgate clean: a file in; its table as canonical CSV, the records that are no part of it, and their count, out."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from csvgate.cli.console import print_facts, print_json
from csvgate.cli.outfile import STANDARD_OUTPUT, is_same, placed, writing
from csvgate.cli.plain import line
from csvgate.cli.readable import readable
from csvgate.cli.sources import STANDARD_INPUT, NamedSource, checked, opened
from csvgate.core.canonical import REJECT_NAMES, Canonical, Footer, Ragged, Style
from csvgate.core.inspection import Inspection
from csvgate.errors import TransientError, UsageError
from csvgate.report import words

LINE_ENDS: dict[str, Literal["\n", "\r\n"]] = {"lf": "\n", "crlf": "\r\n"}
COUNTS = ("written", "rejected", "footer", "padded", "guarded")
# Parts of the file that are no records; what they were, the inspection says.
LEFT_OUT = ("preamble", "comments", "rejected")
PACKED = (".gz", ".bz2", ".zst", ".xz", ".zip")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """Where the table and the rejects go; rejects that nobody asked for are only written if there are any."""

    table: str
    rejects: str | None
    is_asked_for: bool


@click.command()
@click.argument("path", type=click.Path())
@click.option("-o", "out", metavar="OUT", help="Where to write, - for standard output.  [default: NAME.clean.csv]")
@click.option("--rejects", metavar="FILE", help="Where rejected records go.  [default: NAME.rejects.csv, if any]")
@click.option(
    "--ragged",
    type=click.Choice(["reject", "pad", "keep"]),
    default="reject",
    show_default=True,
    help="Records with too few or too many cells: set apart, filled up if short, or written as they are.",
)
@click.option(
    "--footer",
    type=click.Choice(["keep", "reject"]),
    default="keep",
    show_default=True,
    help="A last record that says that it is a total, and headers that come again: written as they are, or set apart.",
)
@click.option("--line-end", type=click.Choice(list(LINE_ENDS)), default="lf", show_default=True, help="How lines end.")
@click.option("--excel-safe", is_flag=True, help="Write ' before formulas, and a BOM so that Excel sees the encoding.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def clean(  # noqa: PLR0913  one parameter for each option
    path: str,
    *,
    out: str | None,
    rejects: str | None,
    ragged: Ragged,
    footer: Footer,
    line_end: str,
    excel_safe: bool,
    as_json: bool,
) -> None:
    """Write what was understood as canonical CSV.

    UTF-8, commas, a header, quotes where they are needed. Records that do not fit go to a file
    of their own: line, reason, and the record as it was. Every record of the file is in one of
    the two. PATH is a file, - for standard input, or s3://bucket/key.
    Exit code 0 says that this was done, also where records were rejected: see what is printed,
    or rows_rejected with --json. 1 says that the file was rejected and nothing was written.
    """
    outputs = outputs_of(checked(path), out, rejects)
    if as_json and STANDARD_OUTPUT in (outputs.table, outputs.rejects):
        problem = "--json prints on standard output; name a file with -o"
        raise UsageError(problem)
    with opened(path) as named:
        found = readable(named)
        style = Style(ragged=ragged, footer=footer, line_end=LINE_ENDS[line_end], excel_safe=excel_safe)
        counts = written(named, found, style, outputs)
    tell(named, found, counts, outputs, as_json=as_json)


def outputs_of(path: str, out: str | None, rejects: str | None) -> Outputs:
    """Two files that are neither the input nor each other, and can be written."""
    name = Path(path).name
    while name.lower().endswith((*PACKED, ".csv")):
        name = name.rpartition(".")[0]
    table = out or (STANDARD_OUTPUT if path == STANDARD_INPUT else f"{name}.clean.csv")
    beside = None if table == STANDARD_OUTPUT else str(Path(table).with_name(f"{_stem(table)}.rejects.csv"))
    outputs = Outputs(table=table, rejects=rejects or beside, is_asked_for=bool(rejects))
    if is_same(outputs.table, outputs.rejects):
        problem = f"table and rejects cannot both go to {table!r}"
        raise UsageError(problem)
    for target in (outputs.table, outputs.rejects):
        placed(target or STANDARD_OUTPUT)
        if path != STANDARD_INPUT and is_same(path, target):
            problem = f"{target!r} is the file itself, which stays as it is; name another with -o"
            raise UsageError(problem)
    return outputs


def _stem(table: str) -> str:
    return Path(table).name.removesuffix(".csv").removesuffix(".clean")


def written(named: NamedSource, found: Inspection, style: Style, outputs: Outputs) -> Counter[str]:
    """Both files are written, and every record of the inspection is in one of them; else neither is."""
    counts: Counter[str] = Counter()
    canonical = Canonical(named.source, found, style)
    with writing(outputs.table) as table, writing(outputs.rejects or os.devnull) as rejects:
        for piece in canonical.pieces():
            table.write(piece.text)
            rejects.write(piece.rejects)
            counts.update({name: getattr(piece, name) for name in COUNTS})
        if not canonical.agrees:
            problem = f"{named.filename} changed while it was read"
            raise TransientError(problem)
        if outputs.rejects and (set_apart(counts) or outputs.is_asked_for):
            rejects.publish()
        elif outputs.rejects and is_old(outputs.rejects):
            Path(outputs.rejects).unlink()
            counts["removed"] = 1
        table.publish()
    return counts


def is_old(rejects: str) -> bool:
    """Whether rejects of an earlier run stand there, which would be taken for those of this one."""
    path, start = Path(rejects), ",".join(REJECT_NAMES).encode()
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def set_apart(counts: Counter[str]) -> int:
    """How many lines of the file are not in the table."""
    return counts["rejected"] + counts["footer"]


def tell(named: NamedSource, found: Inspection, counts: Counter[str], outputs: Outputs, *, as_json: bool) -> None:
    """What was done, as JSON or as facts: on standard error where the table takes standard output."""
    if as_json:
        print_json(done(named, found, counts, outputs))
    elif STANDARD_OUTPUT in (outputs.table, outputs.rejects):
        for fact in facts(named, found, counts, outputs):
            click.echo(line(fact), err=True)
    else:
        print_facts(facts(named, found, counts, outputs))


def done(named: NamedSource, found: Inspection, counts: Counter[str], outputs: Outputs) -> dict[str, Any]:
    """What was done, for a program; rows written and rejected are the rows of the file."""
    return {
        "filename": named.filename,
        "sha256": found.sha256,
        "verdict": found.verdict,
        "row_count": found.row_count,
        "rows_written": counts["written"],
        "rows_rejected": counts["rejected"],
        "footer_lines": counts["footer"],
        "rows_padded": counts["padded"],
        "cells_guarded": counts["guarded"],
        "bytes_left_out": left_out(found),
        "out": outputs.table,
        "rejects": outputs.rejects if set_apart(counts) or outputs.is_asked_for else None,
    }


def called(target: str) -> str:
    """What a person calls the place to which something went."""
    return "standard output" if target == STANDARD_OUTPUT else target


def facts(named: NamedSource, found: Inspection, counts: Counter[str], outputs: Outputs) -> list[tuple[str, str]]:
    """What was done, for a person."""
    table = called(outputs.table)
    rejects = called(outputs.rejects) if outputs.rejects else "nowhere: name a file with --rejects"
    name = words.name_of({"filename": named.filename})
    every = f"{counts['written']:,} + {counts['rejected']:,} = {found.row_count:,}: every row of {name}"
    look = words.count(sum(finding.severity != "info" for finding in found.findings), "finding")
    known = [
        ("written", f"{words.count(counts['written'], 'row')} to {table}", True),
        ("rejected", f"{words.count(counts['rejected'], 'row')} to {rejects}", counts["rejected"]),
        ("removed", f"{rejects}, which was of an earlier run", counts["removed"]),
        ("footer", f"{words.count(counts['footer'], 'line')} to {rejects}", counts["footer"]),
        ("padded", words.count(counts["padded"], "row"), counts["padded"]),
        ("guarded", words.count(counts["guarded"], "cell"), counts["guarded"]),
        ("left out", ", ".join(f"{name}: {words.count(size, 'byte')}" for name, size in left_out(found).items()), True),
        ("counted", every, True),
        ("look at", f"{look}, which csvgate inspect shows", found.verdict == "warning"),
    ]
    return [(name, text) for name, text, is_so in known if text and is_so]


def left_out(found: Inspection) -> dict[str, int]:
    """How many bytes of each kind are in neither file: they are no records."""
    return {name: size for name in LEFT_OUT if (size := getattr(found.bytes, name))}
