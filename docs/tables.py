"""What the code knows of itself in; the tables of the reference out, as Markdown.

A document holds the table between `<!-- table: NAME -->` and `<!-- end -->`; `docs.render` writes it there.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from benchmarks.proof.page import comparison
from csvgate.cli.main import COMMANDS, csvgate
from csvgate.core.codes import CODES
from csvgate.core.columns.local_date import CLOCK_PATTERNS, DATE_PATTERNS, TIME_PATTERNS
from csvgate.core.columns.shapes import BOOLEANS, MISSING_WORDS
from csvgate.core.columns.worth import GROUP_MARKS
from csvgate.core.findings import EXCERPT_LENGTH, FIRST_PLACES
from csvgate.core.structure.long import LONGEST
from csvgate.core.structure.record import MAX_CELLS, MAX_FIELD
from csvgate.core.structure.wellformed import MAX_RECORD
from csvgate.core.table import MAX_PROFILED, MOST_DISTINCT
from csvgate.core.text.growth import BOMB_RATIO, LIMIT, NO_TABLE_LIMIT
from csvgate.core.text.inflate import MAX_MEMORY
from csvgate.telemetry.metrics import METRICS, Metric
from csvgate.variables import SETTINGS

ROOT = Path(__file__).parent.parent
PROOF = ROOT / "benchmarks" / "results" / "proof.json"
DISAGREEMENTS = ROOT / "tests" / "core" / "differential" / "disagreements.toml"

TABLE = re.compile(r"(?<=<!-- table: )(?P<name>[\w-]+)(?P<open> -->\n)(?P<text>.*?)(?=<!-- end -->)", re.DOTALL)

KEPT = "\b\n"


def markdown(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells may hold bars."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def findings() -> str:
    """Every code, as `csvgate.core.codes` has it."""
    rows = ((f"`{name}`", code.severity, code.meaning, code.advice) for name, code in CODES.items())
    return markdown(("code", "severity", "what it means", "what the sender should do"), rows)


def settings() -> str:
    """Every setting, as `csvgate.settings` has it."""
    rows = ((f"`{setting.name}`", setting.meaning, setting.default) for setting in SETTINGS)
    return markdown(("variable", "what it says", "default"), rows)


def metrics() -> str:
    """Every figure, as `csvgate.telemetry.metrics` has it."""
    rows = ((f"`{name}`", each.meaning, each.kind, each.unit, _views(each)) for name, each in METRICS.items())
    return markdown(("name", "what it says", "kind", "unit", "in CloudWatch by"), rows)


def _views(metric: Metric) -> str:
    """By what CloudWatch keeps it beside the bucket; each is billed by itself."""
    return "; ".join(", ".join(view) or "nothing more" for view in metric.views)


# Values as they are written where `format` is null; a test has each of them typed.
PLAIN = {
    "integer": ("7", "-12", "+12", "123456789012345678"),
    "number": ("1.5", "-.5", "5.", "1e5", "2.5E-3"),
    "boolean": tuple(BOOLEANS),
    "date": ("2024-01-31",),
    "time": ("10:30", "10:30:59", "10:30:59.123456789"),
    "datetime": (
        *("2024-01-31T10:30", "2024-01-31 10:30:59.5", "2024-01-31T10:30Z", "2024-01-31 10:30:59+02:00"),
        *("2024-01-31 10:30:59+02", "2024-01-31 10:30:59 +0200", "2024-01-31 10:30:59 UTC"),
    ),
}


def types() -> str:
    """How values of each type are written, as `csvgate.core.columns` has it."""
    days, clocks = (", ".join(f"`{pattern.strip()}`" for pattern in found) for found in (DATE_PATTERNS, CLOCK_PATTERNS))
    marks = ", ".join(unicodedata.name(mark).lower() for mark in GROUP_MARKS)
    formats = {
        "number": f"`decimalChar=,` with a decimal comma; `groupChar=` and the mark between groups of three: {marks}",
        "boolean": "in any case; one of the two pairs in a column",
        "date": days,
        "time": ", ".join(f"`{pattern}`" for pattern in TIME_PATTERNS),
        "datetime": f"one of these days, a blank, and {clocks}; plain ones have a zone in all values or in none",
    }
    plain = ((kind, ", ".join(f"`{text}`" for text in texts)) for kind, texts in PLAIN.items())
    rows = [(f"`{kind}`", texts, formats.get(kind, "")) for kind, texts in plain]
    words = ", ".join(f"`{word}`" for word in sorted(MISSING_WORDS))
    return markdown(("type", "plain, such as", "else"), [*rows, ("missing in any of these", words, "")])


def limits() -> str:
    """How much is read of what, and what is told of more, as `csvgate.core` has it."""
    rows = (
        ("size of a file", "none", ""),
        ("columns that are profiled", f"{MAX_PROFILED:,}", "`too-wide`: the others are counted and named"),
        ("cells of a record", f"{MAX_CELLS:,}", "`not-csv`: reading stops, the file is rejected"),
        ("length of a record", _size(MAX_RECORD), "`field-too-long`: reading stops, the file is rejected"),
        ("length of a value in quotes", _size(MAX_FIELD), "`unclosed-quote`: the quote is read as text"),
        ("length of a name", _size(LONGEST), "`field-too-long`: all is counted, but the file is rejected"),
        (
            "growth of a compressed file",
            f"{BOMB_RATIO}-fold",
            f"`compression-bomb`, if {_size(NO_TABLE_LIMIT)} of it are no table, or it is larger than {_size(LIMIT)}",
        ),
        ("memory to unpack a file", _size(MAX_MEMORY), "`not-csv`"),
        ("places of a finding", str(FIRST_PLACES), "all are counted, the first are listed"),
        ("an excerpt", f"{EXCERPT_LENGTH} characters", "it ends with …"),
        ("distinct values that are counted exactly", f"{MOST_DISTINCT:,} of a column", "figures are `approximate`"),
    )
    return markdown(("of what", "most", "where there is more"), rows)


def _size(count: int) -> str:
    return f"{count // 1024**3} GB" if count >= 1024**3 else f"{count // 1024**2} MB"


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


def proof() -> str:
    """What csvgate and its rival stood, as `make proof` found it at full size."""
    return "".join(f"{line}\n" for line in comparison(json.loads(PROOF.read_text(encoding="utf-8"))))


TABLES: dict[str, Callable[[], str]] = {
    "findings": findings,
    "settings": settings,
    "metrics": metrics,
    "types": types,
    "limits": limits,
    "commands": command_line,
    "csv": partial(peer, "csv"),
    "duckdb": partial(peer, "duckdb"),
    "pandas": partial(peer, "pandas"),
    "proof": proof,
}


def filled(document: str) -> str:
    """The document with every table as the code has it now."""
    return TABLE.sub(lambda match: f"{match['name']}{match['open']}{TABLES[match['name']]()}", document)
