"""A Reconciliation in; the page that a person reads on a terminal out."""

from __future__ import annotations

from rich.console import Group as Page
from rich.console import RenderableType
from rich.text import Text

from csvgate.cli.differences import KINDS, groups, name_of
from csvgate.cli.page import MARKS, fact_table, indented, shown
from csvgate.report import words
from csvgate.upkeep.reconciliation import Group, Reconciliation

NAMES_SHOWN = 5


def reconciliation_page(found: Reconciliation) -> RenderableType:
    """The answer in a sentence, the counts, and the first names of what differs."""
    parts: list[RenderableType] = [headline(found), indented(fact_table(counts(found)))]
    return Page(*parts, *(indented(described(kind, group)) for kind, group in groups(found).items()))


def headline(found: Reconciliation) -> Text:
    """Whether the catalog says what the bucket holds."""
    symbol, colour = MARKS["ok" if found.agrees else "warning"]
    place = shown(f"s3://{found.bucket}", style="bold")
    return Text.assemble((f"{symbol} ", f"bold {colour}"), place, f": {answer(found)}\n")


def answer(found: Reconciliation) -> str:
    """Whether they agree, in words."""
    versions = words.count(found.versions, "version")
    if found.versions == 1:
        return f"its {versions} {'is in the catalog' if found.agrees else 'is not as it should be'}"
    return f"all {versions} are in the catalog" if found.agrees else f"not all {versions} are as they should be"


def counts(found: Reconciliation) -> list[tuple[str, object]]:
    """How many are finished, on their way, and put on their way now."""
    return [(name, f"{getattr(found, name):,}") for name in ("settled", "pending", "enqueued")]


def described(kind: str, group: Group) -> RenderableType:
    """What it means to be of this kind, and which are."""
    names = [Text("  ").append_text(shown(name_of(item))) for item in group.first[:NAMES_SHOWN]]
    hidden = group.count - len(names)
    more = [Text(f"  and {hidden:,} more; --json names them", "dim")] if hidden else []
    title = Text.assemble((f"{group.count:,} {kind}", "bold"), f": {KINDS[kind]}")
    return Page(title, *names, *more)
