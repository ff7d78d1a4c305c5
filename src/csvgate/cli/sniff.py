"""csvgate sniff: the name of a file in; its dialect, or the call with which a tool reads it, out."""

from __future__ import annotations

from typing import Any

import click
from click.exceptions import Exit

from csvgate.cli.clean import outputs_of
from csvgate.cli.console import print_facts, print_json
from csvgate.cli.exits import REJECTED
from csvgate.cli.readable import readable
from csvgate.cli.sources import STANDARD_INPUT, NamedSource, checked, opened
from csvgate.core.calls import TOOLS, Tool, call_of
from csvgate.core.reading import NoCsv, open_text
from csvgate.errors import UsageError
from csvgate.report import words
from csvgate.report.escape import escaped


@click.command()
@click.argument("path", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON: the dialect in the names of CSVW.")
@click.option("--as", "tool", type=click.Choice(TOOLS), help="Print the call with which this tool reads the file.")
def sniff(path: str, *, as_json: bool, tool: Tool | None) -> None:
    """Show how a CSV file is written.

    PATH is a file, - for standard input, or s3://bucket/key. Its first bytes tell the
    encoding, the delimiter, the quotes and the header; csvgate inspect reads all of it.
    So does --as, since types are those of all values. Where the tool would get the file wrong,
    the call says why, and is for the file that csvgate clean writes; copy is PostgreSQL's.
    """
    if tool:
        tell_call(checked(path), tool, as_json=as_json)
        return
    with opened(checked(path)) as named:
        found = sniffed(named)
    if as_json:
        print_json(found)
    elif found["dialect"]:
        how = words.written_as(found["dialect"])
        print_facts([("filename", named.filename), ("written as", how), ("confidence", f"{found['confidence']:.0%}")])
    else:
        print_facts([("filename", named.filename), ("rejected", found["reason"])])
    if not found["dialect"]:
        raise Exit(REJECTED)


def tell_call(path: str, tool: Tool, *, as_json: bool) -> None:
    """The call with which the tool reads the file, ready to be pasted."""
    if path == STANDARD_INPUT:
        problem = "standard input has no name by which a tool could open it; name the file"
        raise UsageError(problem)
    with opened(path) as named:
        found = readable(named)
    call = call_of(tool, found, path, clean_as=outputs_of(path, None, None).table)
    if as_json:
        print_json({"filename": named.filename, "tool": tool, "call": call})
    else:
        click.echo("\n".join(escaped(part) for part in call.splitlines()))


def sniffed(named: NamedSource) -> dict[str, Any]:
    """The dialect with its rivals; or null, and what the file is instead."""
    text = open_text(named.source)
    if isinstance(text, NoCsv):
        return {"filename": named.filename, "dialect": None, "reason": f"the file is {text.kind or 'empty'}"}
    if text.stream.compression == "zip":
        # Only its end shows whether an archive holds a second file.
        text.stream.drain()
    if text.stream.refusal:
        return {"filename": named.filename, "dialect": None, "reason": f"the file is {text.stream.refusal}"}
    found = text.sniffed
    rivals = [{"delimiter": delimiter, "score": score} for delimiter, score in found.rivals]
    dialect = found.dialect.to_json()
    return {"filename": named.filename, "dialect": dialect, "confidence": found.confidence, "rivals": rivals}
