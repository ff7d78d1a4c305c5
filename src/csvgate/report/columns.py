"""The columns of a receipt in; a table with a row for each out: type, figures, distribution, most frequent values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from csvgate.report import words
from csvgate.report.charts import histogram, share_bar
from csvgate.report.escape import clipped
from csvgate.report.markup import Child, Markup, element, value
from csvgate.report.words import Receipt

Column = Mapping[str, Any]

# So many columns have a row, and so many more their name and type.
COLUMNS_SHOWN, COLUMNS_NAMED = 100, 1000
VALUES_SHOWN = 3
NAME_LENGTH, VALUE_LENGTH, TEXT_LENGTH = 80, 40, 130
TITLES = ("column", "empty", "distinct", "range", "values")


def columns(receipt: Receipt, *, everything: bool = False) -> Markup:
    """The table of the columns; of a very wide file the first, then names and types, then how many more there are."""
    profiles: Sequence[Column] = receipt.get("columns") or ()
    shown = profiles if everything else profiles[:COLUMNS_SHOWN]
    named = profiles[len(shown) : COLUMNS_NAMED]
    rows = receipt.get("row_count") or 0
    # The roles are said aloud: where the rows are shown as cards, a browser would take them away.
    head = element("tr", [element("th", title, scope="col", role="columnheader") for title in TITLES], role="row")
    body = [_row(number, profile, rows) for number, profile in enumerate(shown, start=1)]
    table = element(
        "table",
        element("caption", "What is in each column"),
        element("thead", head, role="rowgroup"),
        element("tbody", body, role="rowgroup"),
        class_="columns",
        role="table",
    )
    left_out = (receipt.get("column_count") or len(profiles)) - len(shown) - len(named)
    return element("div", table, _names(named, len(shown) + 1), _left_out(left_out), class_="profile")


def _row(number: int, column: Column, rows: int) -> Markup:
    place = element("span", f"{number}", class_="place")
    parts = (_empty(column, rows), _distinct(column), _range(column), _values(column, rows))
    cells = [_cell(title, part) for title, part in zip(TITLES[1:], parts, strict=True)]
    name = element("th", place, _name(column, number), _kind(column), scope="row", role="rowheader")
    return element("tr", name, cells, role="row")


def _cell(title: str, part: Child) -> Markup:
    return element("td", element("div", part), role="cell", data_label=title)


def _name(column: Column, number: int) -> Markup:
    """The name; in quotes where one would not see where it begins or ends."""
    name = str(column["name"])
    if name and name == name.strip():
        return value(name, NAME_LENGTH, class_="name")
    return value(words.label(name, number) if not name.strip() else f'"{name}"', NAME_LENGTH, class_="name odd")


def _kind(column: Column) -> Markup:
    written = f", {column['format']}" if column.get("format") else ""
    return element("span", f"{words.kind(column)}{written}", class_="kind")


def _empty(column: Column, rows: int) -> Iterable[Markup]:
    empty = column.get("null_count") or 0
    yield element("span", f"{empty:,}", class_=None if empty else "zero")
    if empty:
        yield element("small", words.share(empty, rows))


def _distinct(column: Column) -> Iterable[Markup | str]:
    yield f"{'' if column.get('distinct_is_exact', True) else '~'}{column.get('distinct_count') or 0:,}"
    about = (column.get("approximate") or {}).get("distinct_count")
    if about or words.all_differ(column):
        yield element("small", about or "all different")


def _range(column: Column) -> Markup | None:
    """From where to where, what lies in the middle, and how long the texts are."""
    known = [
        element("div", element("dt", name), element("dd", value(said, VALUE_LENGTH)))
        for name, said in words.spread(column)
    ]
    return element("dl", known) if known else None


def _values(column: Column, rows: int) -> Iterable[Markup | None]:
    drawn, top = histogram(column), column.get("top_values") or ()
    yield drawn
    if words.all_differ(column):
        examples = ", ".join(clipped(str(text), VALUE_LENGTH) for text, _ in top[:VALUES_SHOWN])
        yield None if drawn else _said(f"such as {examples}")
    elif drawn or not top:
        yield _said(words.commonest(column, rows) or ("" if drawn else words.NOTHING_STANDS_OUT))
    else:
        yield element("ol", [_top(str(text), number, rows) for text, number in top[:VALUES_SHOWN]])


def _said(what: str) -> Markup | None:
    return element("p", value(what, TEXT_LENGTH), class_="commonest") if what else None


def _top(text: str, number: int, rows: int) -> Markup:
    times = element("span", words.times(number), class_="times")
    return element("li", value(text, VALUE_LENGTH), share_bar(number, rows), times)


def _names(named: Sequence[Column], start: int) -> Markup | None:
    if not named:
        return None
    items = [
        element("li", _name(column, number), " ", _kind(column)) for number, column in enumerate(named, start=start)
    ]
    summary = element("summary", f"{words.count(len(named), 'more column')}, name and type")
    return element("details", summary, element("ol", items, start=start), class_="names")


def _left_out(number: int) -> Markup | None:
    if number <= 0:
        return None
    said = f"and {words.count(number, 'more column')}: csvgate inspect --json, or --html with --all, has them"
    return element("p", said, class_="more")
