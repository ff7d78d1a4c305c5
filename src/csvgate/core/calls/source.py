"""Values in; the same values as Python or SQL source code out."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable

WIDTH = 88


def python(value: str | None) -> str:
    """A Python string, in double quotes if it holds none; None is None."""
    return repr(value) if value is None or '"' in value else json.dumps(value, ensure_ascii=False)


def sql(value: str) -> str:
    """A string of standard SQL."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name of standard SQL."""
    return '"' + name.replace('"', '""') + '"'


def several(opening: str, parts: Iterable[str], closing: str, *, indent: int = 4, last: str = "") -> str:
    """The parts between brackets: on one line if that is short, else one to a line, with `last` behind the last."""
    listed = list(parts)
    short = f"{opening}{', '.join(listed)}{closing}"
    if len(short) <= WIDTH:
        return short
    pad = " " * indent
    return f"{opening}\n{pad}    " + f",\n{pad}    ".join(listed) + f"{last}\n{pad}{closing}"


def filled(opening: str, parts: Iterable[str], closing: str, *, indent: int = 4) -> str:
    """The parts, none of which holds a space, between brackets: as many on a line as it can take."""
    pad = " " * indent
    return textwrap.fill(
        f"{opening}{', '.join(parts)}{closing}",
        width=WIDTH,
        subsequent_indent=f"{pad}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
