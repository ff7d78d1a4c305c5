"""What the code knows of itself in; the tables of the reference out, as Markdown.

A document holds the table between `<!-- table: NAME -->` and `<!-- end -->`; `docs.render` writes it there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from csvgate.cli.main import COMMANDS, csvgate
from csvgate.core.findings import CODES
from csvgate.variables import SETTINGS

ROOT = Path(__file__).parent.parent
DISAGREEMENTS = ROOT / "tests" / "core" / "differential" / "disagreements.toml"

TABLE = re.compile(r"(?<=<!-- table: )(?P<name>[\w-]+)(?P<open> -->\n)(?P<text>.*?)(?=<!-- end -->)", re.DOTALL)

KEPT = "\b\n"


def markdown(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells may hold bars."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def findings() -> str:
    """Every code, as `csvgate.core.findings` has it."""
    rows = ((f"`{name}`", code.severity, code.meaning, code.advice) for name, code in CODES.items())
    return markdown(("code", "severity", "what it means", "what the sender should do"), rows)


def settings() -> str:
    """Every setting, as `csvgate.settings` has it."""
    rows = ((f"`{setting.name}`", setting.meaning, setting.default) for setting in SETTINGS)
    return markdown(("variable", "what it says", "default"), rows)


def peer(name: str) -> str:
    """Where csvgate and this peer read a file differently, as the differential tests have it."""
    entries = tomllib.loads(DISAGREEMENTS.read_text(encoding="utf-8"))[name]
    rows = ((entry["what"], entry["why"], ", ".join(f"`{file}`" for file in entry["files"])) for entry in entries)
    return markdown(("what it does", "why", "files"), rows)


def command_line() -> str:
    """Every command with its arguments and options, as its help has them."""
    return "\n".join(section for name, found in commands() for section in command(name, found))


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its name; of a group, those that it holds."""
    for name in COMMANDS:
        found = csvgate.get_command(click.Context(csvgate), name)
        if isinstance(found, click.Group):
            yield from ((f"{name} {part}", held) for part, held in found.commands.items())
        elif found:
            yield name, found


def command(name: str, found: click.Command) -> Iterator[str]:
    """One command: how it is called, what it does, and its options."""
    context = click.Context(found, info_name=f"csvgate {name}")
    yield f"### `{name}`\n"
    yield f"```text\ncsvgate {name} {' '.join(found.collect_usage_pieces(context))}\n```\n"
    yield "\n".join(prose(found.help or ""))
    options = (option for option in found.params if isinstance(option, click.Option))
    records = filter(None, (option.get_help_record(context) for option in options))
    if rows := [(f"`{names}`", text) for names, text in records]:
        yield markdown(("option", "what it does"), rows)


def prose(text: str) -> Iterator[str]:
    """The paragraphs of a command's help as one; what click leaves as it is (after a backspace) stays as it is."""
    parts = text.strip().split("\n\n")
    yield f"{' '.join(' '.join(part for part in parts if not part.startswith(KEPT)).split())}\n"
    for part in parts:
        if part.startswith(KEPT):
            yield f"```text\n{part.removeprefix(KEPT).strip()}\n```\n"


TABLES: dict[str, Callable[[], str]] = {
    "findings": findings,
    "settings": settings,
    "commands": command_line,
    "csv": partial(peer, "csv"),
    "duckdb": partial(peer, "duckdb"),
    "pandas": partial(peer, "pandas"),
}


def filled(document: str) -> str:
    """The document with every table as the code has it now."""
    return TABLE.sub(lambda match: f"{match['name']}{match['open']}{TABLES[match['name']]()}", document)
