"""A receipt in; the page that a person reads on a terminal out.

Text of the file never becomes markup: it goes through `shown`, into rich's Text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from csvgate.core.codes import CODES
from csvgate.report import words
from csvgate.report.blocks import bars
from csvgate.report.escape import HOSTILE, clipped, spelled
from csvgate.report.facts import facts
from csvgate.report.words import Receipt

COLUMNS_SHOWN = 20
PLACES_SHOWN = 3
NAME_LENGTH, VALUE_LENGTH, TEXT_LENGTH = 24, 20, 400
WIDE = 100
# A histogram in so many characters; on a wide page each stands for two of its twenty bins.
BARS, BARS_LEAST, BARS_WIDE = 8, 6, 10
MARGINS, GAP = 4, 2
MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "rejected": ("✗", "red"), "failed": ("✗", "red")}
NO_MARK = ("•", "blue")
SEVERITIES = {"error": "red", "warning": "yellow", "info": "blue"}


def shown(text: object, length: int = TEXT_LENGTH, style: str = "") -> Text:
    """The text as a terminal may show it: cut, and hostile characters spelled out in reverse."""
    plain, result, end = clipped(str(text), length), Text(style=style), 0
    for match in HOSTILE.finditer(plain):
        result.append(plain[end : match.start()])
        result.append(spelled(match.group()), "reverse dim")
        end = match.end()
    return result.append(plain[end:])


def mark(receipt: Receipt) -> tuple[str, str]:
    """The symbol and the colour in which this receipt speaks."""
    state = receipt.get("state")
    word = state if state in {"failed", "deleted"} else receipt.get("verdict")
    return MARKS.get(str(word), NO_MARK)


def receipt_page(receipt: Receipt, *, width: int = 80, everything: bool = False) -> RenderableType:
    """The whole receipt; wide files and long lists are cut with a note, unless everything is asked for."""
    parts: list[RenderableType] = [headline(receipt), indented(fact_table(facts(receipt)))]
    if receipt.get("columns"):
        limit = None if everything else COLUMNS_SHOWN
        parts.append(indented(columns(receipt, limit, width=width)))
    parts += [indented(finding(found, everything=everything)) for found in words.worst_first(receipt)]
    return Group(*parts)


def brief_page(receipt: Receipt) -> RenderableType:
    """What matters most of a receipt, for one among several: the verdict, the columns, the findings."""
    about: list[tuple[str, object]] = []
    if receipt.get("columns"):
        about.append(("written as", words.written_as(receipt["dialect"])))
        named = enumerate(receipt["columns"], start=1)
        kinds = (f"{words.label(column['name'], number)} ({words.kind(column)})" for number, column in named)
        about.append(("columns", ", ".join(kinds)))
    if receipt.get("load"):
        about.append(("loaded", words.loaded(receipt["load"])))
    about += [(found["severity"], found_briefly(found)) for found in receipt.get("findings") or ()]
    return Group(headline(receipt), indented(fact_table(about)))


def found_briefly(found: Mapping[str, Any]) -> str:
    """The code, how often where that is more than once, and the first of it."""
    often = f" {words.times(found['count'])}" if found["count"] > 1 else ""
    return f"{found['code']}{often}: {found['message']}"


def indented(part: RenderableType) -> Padding:
    """The part, clear of the margin and of what follows."""
    return Padding(part, (0, 2, 1, 2))


def headline(receipt: Receipt) -> Panel:
    """The verdict in one sentence."""
    symbol, colour = mark(receipt)
    text = Text.assemble((f"{symbol} ", f"bold {colour}"), shown(words.name_of(receipt), style="bold"), " ")
    return Panel(text.append_text(shown(words.sentence(receipt))), box=ROUNDED, border_style=colour, padding=(0, 1))


def fact_table(known: Iterable[tuple[str, object]]) -> Table:
    """One fact a line."""
    return grid(known, ("dim", ""))


def grid(rows: Iterable[Sequence[object]], styles: Sequence[str]) -> Table:
    """The rows, a column for each style; the last alone is wrapped, and stays a column."""
    table = Table.grid(padding=(0, 2))
    for style in styles[:-1]:
        table.add_column(style=style, no_wrap=True)
    table.add_column(style=styles[-1], overflow="fold")
    for row in rows:
        table.add_row(*map(shown, row))
    return table


def columns(receipt: Receipt, limit: int | None, *, width: int) -> RenderableType:
    """One line per column, as many as the limit allows, and a note on the others."""
    profiles: Sequence[Mapping[str, Any]] = receipt["columns"][:limit]
    wide, rows = width >= WIDE, receipt.get("row_count") or 0
    titles = ["column", "type", "empty", "distinct", *(("min", "max", "most frequent") if wide else ("values",))]
    lines = [list(column_row(number, profile, rows, wide=wide)) for number, profile in enumerate(profiles, start=1)]
    size = BARS_WIDE if wide else min(BARS, width - MARGINS - whole_width(titles, lines, profiles))
    drawn = [bars(profile, size) if size >= BARS_LEAST else "" for profile in profiles]
    if any(drawn):
        titles.insert(-1, "spread")
        for line, spread in zip(lines, drawn, strict=True):
            line.insert(-1, Text(spread, "cyan"))
    table = ruled_table(titles, right=("empty", "distinct"))
    for line in lines:
        table.add_row(*line)
    notes = list(_notes(profiles, (receipt.get("column_count") or len(profiles)) - len(profiles)))
    return Group(table, *(Text(note, "dim") for note in notes)) if notes else table


def _notes(profiles: Sequence[Mapping[str, Any]], hidden: int) -> Iterable[str]:
    """What the table leaves out, and what its marks mean."""
    if hidden > 0:
        yield f"and {words.count(hidden, 'more column')}: see them with --all or --json"
    if any(profile.get("approximate") for profile in profiles):
        yield "~ about: too many different values to keep them all; --json states the error"


def whole_width(titles: Sequence[str], lines: Sequence[Sequence[Text]], profiles: Sequence[Mapping[str, Any]]) -> int:
    """What a table of these lines takes, with room for one more column, where no range is cut: it says more than bars.

    The most frequent values of the other columns give way.
    """
    fixed = zip(titles[:-1], zip(*(line[:-1] for line in lines), strict=True), strict=True)
    ranges = [line[-1].cell_len for line, profile in zip(lines, profiles, strict=True) if bars(profile, BARS)]
    parts: list[int] = [
        *(max(len(title), *(text.cell_len for text in texts)) for title, texts in fixed),
        max(ranges, default=0),
    ]
    return sum(parts) + GAP * len(parts)


def ruled_table(titles: Sequence[str], *, right: Sequence[str] = ()) -> Table:
    """An empty table, a line under its titles; the last column gives way where the terminal is narrow."""
    table = Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        header_style="dim",
        border_style="dim",
        expand=True,
    )
    for title in titles:
        last = title == titles[-1]
        justify: Literal["left", "right"] = "right" if title in right else "left"
        table.add_column(title, no_wrap=True, overflow="ellipsis", justify=justify, ratio=1 if last else None)
    return table


def column_row(number: int, profile: Mapping[str, Any], rows: int, *, wide: bool) -> Iterable[Text]:
    """Name, type, empty cells, distinct values; least, greatest and most frequent value, or what fits of them."""
    distinct = f"{'' if profile.get('distinct_is_exact', True) else '~'}{profile.get('distinct_count') or 0:,}"
    empty = profile.get("null_count") or 0
    yield column_name(str(profile["name"]), number)
    yield Text(words.kind(profile), "cyan" if profile["type"] != "string" or profile.get("pattern") else "")
    yield Text(f"{empty:,}", "" if empty else "dim")
    yield Text(distinct)
    if wide:
        yield shown(_or_blank(profile.get("min")), VALUE_LENGTH)
        yield shown(_or_blank(profile.get("max")), VALUE_LENGTH)
        yield shown(words.commonest(profile, rows), TEXT_LENGTH, "dim")
    else:
        yield shown(words.values(profile, rows))


def column_name(name: str, number: int) -> Text:
    """The name; in quotes where one would not see where it begins or ends."""
    if name and name == name.strip():
        return shown(name, NAME_LENGTH, "bold")
    return shown(words.label(name, number) if not name.strip() else f'"{name}"', NAME_LENGTH, "bold yellow")


def _or_blank(value: object) -> object:
    return "" if value is None else value


def finding(found: Mapping[str, Any], *, everything: bool = False, with_advice: bool = True) -> RenderableType:
    """What was found, where it is, and what the sender should do."""
    colour = SEVERITIES.get(found["severity"], "")
    title = Text.assemble(
        (found["severity"], f"bold {colour}"),
        "  ",
        shown(found["code"], style="bold"),
        f"  {words.times(found['count'])}",
    )
    spots = found.get("first") or ()
    parts: list[RenderableType] = [title, *map(shown, words.sentences(found["message"]))]
    if spots:
        parts.append(places(spots[: None if everything else PLACES_SHOWN], found["count"]))
    if with_advice and found["code"] in CODES:
        parts.append(advice(CODES[found["code"]].advice, colour))
    return Group(*parts)


def advice(text: str, colour: str) -> Table:
    """What the sender should do."""
    table = Table.grid(padding=(0, 1))
    table.add_row(Text("→", colour), text)
    return table


def places(spots: Sequence[Mapping[str, Any]], total: int) -> RenderableType:
    """Where it is, one place a line."""
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    for spot in spots:
        table.add_row(words.place(spot), shown(_or_blank(spot.get("excerpt")), TEXT_LENGTH, "italic"))
    if total > len(spots):
        table.add_row(f"and {total - len(spots):,} more", "")
    return Padding(table, (0, 0, 0, 2))


def plain_table(rows: Iterable[Sequence[object]], titles: Sequence[str], right: Sequence[str] = ()) -> Table:
    """The rows under their titles."""
    table = ruled_table(titles, right=right)
    for row in rows:
        table.add_row(*(shown(_or_blank(part)) for part in row))
    return table
