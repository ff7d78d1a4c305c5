"""csvgate contract: the name of a file in; the contract that it keeps, as a Table Schema, out."""

from __future__ import annotations

import click

from csvgate.cli.console import print_facts, print_json
from csvgate.cli.outfile import STANDARD_OUTPUT, is_same, writing
from csvgate.cli.readable import readable
from csvgate.cli.sources import STANDARD_INPUT, NamedSource, checked, opened, watched
from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.infer import infer, look
from csvgate.core.contracts.judging import Judging, taken_together
from csvgate.core.contracts.schema import Schema
from csvgate.core.inspection import Inspection
from csvgate.core.rows import RowReader
from csvgate.errors import TransientError, UsageError
from csvgate.feeds import load_schema
from csvgate.report import words
from csvgate.report.escape import to_json

# A contract is read whole; one of the widest table is smaller than this.
LARGEST = 64 * 1024 * 1024


@click.group()
def contract() -> None:
    """Write a contract from a file.

    A contract says what was agreed about the columns of a file; it is a Table Schema.
    """


@contract.command("infer")
@click.argument("path", metavar="FILE", type=click.Path())
@click.option("-o", "out", metavar="OUT", default=STANDARD_OUTPUT, help="Where to write.  [default: standard output]")
@click.option("--json", "as_json", is_flag=True, help="Also with -o, print the contract as JSON.")
def infer_contract(path: str, *, out: str, as_json: bool) -> None:
    """Write the contract that a file keeps.

    A Table Schema in JSON: names, types and formats of all columns, which of them are never
    empty, and which one identifies a row. FILE keeps it, and nothing is in it that FILE does not
    prove; what else was agreed (ranges, lists of values) is for you to add.
    FILE is a file, - for standard input, or s3://bucket/key.
    Exit code 1 says that the file was rejected and nothing was written.
    """
    if path != STANDARD_INPUT and is_same(checked(path), out):
        problem = f"{out!r} is the file itself, which stays as it is; name another with -o"
        raise UsageError(problem)
    with opened(path) as named:
        schema = inferred(named)
    with writing(out) as file:
        file.write(f"{to_json(schema.to_json())}\n")
        file.publish()
    if out == STANDARD_OUTPUT:
        return
    if as_json:
        print_json(schema.to_json())
        return
    key = [("primaryKey", ", ".join(schema.primary_key))] if schema.primary_key else []
    print_facts([("written", f"{words.count(len(schema.fields), 'field')} to {out}"), *key])


def inferred(named: NamedSource) -> Schema:
    """The contract that the file keeps, after a second look at its cells."""
    found = readable(named)
    if odd := [finding.code for finding in found.findings if finding.severity != "info"]:
        warning = f"look at the file first: a contract agrees to what it is like, and it has {', '.join(odd)}"
        click.echo(f"{warning}; csvgate inspect shows them", err=True)
    with watched(named) as source:
        reader = RowReader(source, found)
        written = look(reader.batches(), found.column_count)
    if not reader.agrees:
        problem = f"{named.filename} changed while it was read"
        raise TransientError(problem)
    return infer(found, written)


def schema_in(path: str) -> Schema:
    """The contract that lies under that name."""
    with opened(checked(path)) as paper:
        if paper.size > LARGEST:
            problem = f"{paper.filename!r} is too large to be a contract"
            raise UsageError(problem)
        return load_schema(b"".join(paper.source()), paper.filename)


def judged(named: NamedSource, found: Inspection, schema: Schema) -> tuple[Inspection, str | None]:
    """The inspection with what the contract says of the file: one that breaks it is rejected, with a reason."""
    judging = Judging(named.source, found, Contract(schema=schema, on_violation="reject"))
    for _ in judging.pieces():
        pass
    if not judging.agrees:
        problem = f"{named.filename} changed while it was read"
        raise TransientError(problem)
    judgement = judging.judgement()
    return taken_together(found, judgement), judgement.reason
