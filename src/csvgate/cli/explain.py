"""csvgate explain: a finding's code in; what it means, what the sender should do and an example out."""

from __future__ import annotations

from difflib import get_close_matches

import click
from click.shell_completion import CompletionItem

from csvgate.cli.console import on_terminal, print_json, print_lines, terminal
from csvgate.core.codes import CODES, Code
from csvgate.core.examples import EXAMPLES, Example
from csvgate.errors import UsageError
from csvgate.report.escape import to_json


def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes that begin like this, each with its meaning."""
    return [CompletionItem(name, help=code.meaning) for name, code in CODES.items() if name.startswith(incomplete)]


@click.command()
@click.argument("code", required=False, shell_complete=complete)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def explain(code: str | None, *, as_json: bool) -> None:
    """Explain a finding, and what the sender should do.

    With the smallest file that gives it. Without CODE, all codes are listed.
    """
    if code is None:
        explain_all(as_json=as_json)
        return
    code = code.lower()
    if code not in CODES:
        raise UsageError(unknown(code))
    if as_json:
        print_json(described(code, CODES[code]))
        return
    print_lines([(f"{code} ({CODES[code].severity})",), (CODES[code].meaning,), (f"→ {CODES[code].advice}",)])
    print_lines([(), *shown(EXAMPLES[code])])


def explain_all(*, as_json: bool) -> None:
    """Every code with its meaning."""
    if as_json:
        print_json([described(name, code) for name, code in CODES.items()])
    elif on_terminal():
        from csvgate.cli.page import grid

        terminal().print(grid(((name, code.severity, code.meaning) for name, code in CODES.items()), ("bold", "", "")))
    else:
        width = max(map(len, CODES))
        print_lines((f"{name:<{width}}  {code.severity:<7}  {code.meaning}",) for name, code in CODES.items())


def shown(example: Example) -> list[tuple[str]]:
    """The example, indented under a line that says what it is."""
    title = "A command that makes a file of that kind:" if example.is_command else "For example:"
    return [(title,), *((f"    {line}",) for line in example.text.splitlines()), *promised(example)]


def promised(example: Example) -> list[tuple[str]]:
    """The contract that the example breaks, if it is about one."""
    if example.contract is None:
        return []
    fields = [f"    {to_json(field, indent=None)}" for field in example.contract["fields"]]
    rest = {name: part for name, part in example.contract.items() if name != "fields"}
    limit = f", of which at most {example.max_bad_rows} may break it" if example.max_bad_rows is not None else ""
    more = [f"    {to_json(rest, indent=None)}"] if rest else []
    return [("",), (f"where this was agreed for the records{limit}:",), *((line,) for line in [*fields, *more])]


def described(name: str, code: Code) -> dict[str, object]:
    """The code as JSON."""
    example: dict[str, object] = {"command" if EXAMPLES[name].is_command else "csv": EXAMPLES[name].text}
    example |= {"contract": EXAMPLES[name].contract} if EXAMPLES[name].contract else {}
    told = {"code": name, "severity": code.severity, "meaning": code.meaning, "advice": code.advice}
    return {**told, "example": example}


def unknown(code: str) -> str:
    """What to say of a code that does not exist."""
    near = get_close_matches(code, CODES, n=1)
    return f"there is no finding {code!r}" + (f"; did you mean {near[0]!r}?" if near else "; see csvgate explain")
