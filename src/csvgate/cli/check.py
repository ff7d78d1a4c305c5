"""csvgate check: a file and a contract in; whether the file keeps it, and what the sender should do, out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import click
from click.exceptions import Exit

from csvgate.cli.clean import called
from csvgate.cli.console import on_terminal, print_json, print_lines, terminal
from csvgate.cli.contract import schema_in
from csvgate.cli.exits import REJECTED
from csvgate.cli.outfile import STANDARD_OUTPUT, is_same, writing
from csvgate.cli.plain import PLACE, line
from csvgate.cli.readable import readable
from csvgate.cli.sources import STANDARD_INPUT, NamedSource, checked, opened, watched
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.judging import Judgement, Judging
from csvgate.core.contracts.quarantine import AsSent, ForSpreadsheets, Quarantine
from csvgate.core.inspection import Inspection
from csvgate.errors import TransientError, UsageError
from csvgate.report import words


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejects:
    """Where bad rows go, if anywhere; for people who open them in a spreadsheet, if `is_safe`."""

    target: str | None = None
    is_safe: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is told of a file that was judged: `put_aside` rows are in the file of rejects, `left_out` are not."""

    filename: str
    sha256: str
    judgement: Judgement
    rejects: str | None
    put_aside: int
    left_out: int

    def to_json(self) -> dict[str, Any]:
        """The report, for a program."""
        told = {"filename": self.filename, "sha256": self.sha256, **self.judgement.to_json()}
        rejects = {"rejects": self.rejects, "rows_rejected": self.put_aside, "rows_left_out": self.left_out}
        return {**told, **(rejects if self.rejects else {})}


@click.command()
@click.argument("path", metavar="FILE", type=click.Path())
@click.option("--contract", required=True, metavar="CONTRACT", help="A Table Schema, in JSON or YAML.")
@click.option("--rejects", metavar="FILE", help="Where rows that break the contract go, behind their reasons.")
@click.option("--excel-safe", is_flag=True, help="Write the rejects for a spreadsheet: UTF-8, commas, no formulas.")
@click.option("--all", "everything", is_flag=True, help="Show all noted places.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; `verdict` is ok or rejected.")
def check(  # noqa: PLR0913  one parameter for each option
    path: str, *, contract: str, rejects: str | None, excel_safe: bool, everything: bool, as_json: bool
) -> None:
    """Judge a CSV file by a contract.

    Every row is judged: its cells by type, format and constraints, keys by all rows before.
    Of each rule that is broken you see how often, the first places, and what the sender should
    do. FILE and CONTRACT are files, - for standard input, or s3://bucket/key.
    Exit code 1 says that the file breaks the contract, or is no CSV.
    """
    if path == contract == STANDARD_INPUT:
        problem = "standard input cannot be both the contract and the file"
        raise UsageError(problem)
    if rejects == STANDARD_OUTPUT and as_json:
        problem = "--json prints on standard output; name a file with --rejects"
        raise UsageError(problem)
    for name in (path, contract):
        if name != STANDARD_INPUT and is_same(checked(name), rejects):
            problem = f"{rejects!r} is read, and stays as it is; name another file with --rejects"
            raise UsageError(problem)
    promised = Contract(schema=schema_in(contract), on_violation="reject")
    with opened(path) as named:
        report = judged(named, readable(named), promised, Rejects(target=rejects, is_safe=excel_safe))
    tell(report, everything=everything, as_json=as_json)
    if report.judgement.verdict == "rejected":
        raise Exit(REJECTED)


def judged(named: NamedSource, found: Inspection, contract: Contract, rejects: Rejects) -> Report:
    """What the contract says of the file; its bad rows stand where they were asked for, all of them or none."""
    quarantine = Quarantine(ForSpreadsheets() if rejects.is_safe else AsSent(found))
    with watched(named) as source, writing(rejects.target or os.devnull) as out:
        out.write(quarantine.header(found.column_names))
        judging = Judging(source, found, contract)
        for piece in judging.pieces():
            out.write(quarantine.rows(piece) if rejects.target else b"")
        if not judging.agrees:
            problem = f"{named.filename} changed while it was read"
            raise TransientError(problem)
        out.publish()
    return Report(
        filename=named.filename,
        sha256=found.sha256,
        judgement=judging.judgement(),
        rejects=rejects.target,
        put_aside=quarantine.written,
        left_out=quarantine.left_out,
    )


def tell(report: Report, *, everything: bool, as_json: bool) -> None:
    """JSON for a program, a page on a terminal, lines in a pipe; on standard error where rejects take the other."""
    if as_json:
        print_json(report.to_json())
    elif report.rejects == STANDARD_OUTPUT:
        for parts in lines(report):
            click.echo(line(parts), err=True)
    elif on_terminal():
        from csvgate.cli.checkpage import check_page

        told = sentence(report.filename, report.judgement)
        terminal().print(check_page(report.judgement, told, facts(report), everything=everything))
    else:
        print_lines(lines(report))


def lines(report: Report) -> Iterator[Sequence[object]]:
    """The verdict, the facts, each broken rule and its places."""
    yield "filename", report.filename
    yield "verdict", report.judgement.verdict, sentence(report.filename, report.judgement)
    yield from facts(report)
    for breach in report.judgement.breaches:
        yield "breach", breach.code, breach.field, breach.rule, breach.count, breach.message
        for place in breach.first:
            yield "place", breach.code, *(getattr(place, name) for name in PLACE)


def facts(report: Report) -> list[tuple[str, str]]:
    """How many rows there are, and where those went that break the contract."""
    judgement = report.judgement
    kept = judgement.row_count - judgement.broken
    told = [("rows", f"{judgement.row_count:,} = {kept:,} that keep the contract + {judgement.broken:,} that break it")]
    if report.rejects:
        told.append(("rejects", f"{words.count(report.put_aside, 'row')} to {called(report.rejects)}"))
    if report.left_out:
        told.append(("left out", f"{words.count(report.left_out, 'row')}: so many bad ones are not kept"))
    return told


def sentence(filename: str, judgement: Judgement) -> str:
    """What to know before anything else."""
    name = words.name_of({"filename": filename})
    if judgement.verdict != "rejected":
        return f"{name} keeps the contract: {words.count(judgement.row_count, 'row')}."
    if not judgement.broken:
        return f"{name} breaks the contract: {judgement.reason}."
    rules = words.count(len(judgement.breaches), "rule")
    return f"{name} breaks the contract: {words.count(judgement.broken, 'row')} of {judgement.row_count:,}, {rules}."
