"""Names, attributes and text in; HTML out in which text that somebody else wrote is only ever text.

Markup is what `element` made. Every other string is escaped where it is put into one, and its hostile characters are
spelled out, as a terminal has them: markup of a file, or of its name, cannot come through by forgetting a call.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from csvgate.report.escape import HOSTILE, clipped, escaped, spelled

VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})


class Markup(str):
    """HTML that stands as it is; template engines know it by `__html__`."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself: it needs no escaping."""
        return self


Child = str | Iterable["Child"] | None
Attribute = str | int | bool | None


def element(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """The element with its children, text escaped; of `class_` the underscore is left out, `aria_label` gets a hyphen.

    An attribute that is None or False is not there; one that is True has no value.
    """
    named = "".join(_attribute(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    return Markup(f"<{tag}{named}>" if tag in VOID else f"<{tag}{named}>{joined(*children)}</{tag}>")


def joined(*children: Child) -> Markup:
    """The children, one behind the other: markup as it is, other text escaped, None as nothing."""
    return Markup("".join(_child(child) for child in children))


def text(written: str) -> Markup:
    """The text, escaped, its hostile characters spelled out in a `span` that can be told from it."""
    parts, end = [], 0
    for match in HOSTILE.finditer(written):
        parts += [html.escape(written[end : match.start()], quote=False), _sign(match.group())]
        end = match.end()
    return Markup("".join([*parts, html.escape(written[end:], quote=False)]))


def value(written: object, length: int, *, class_: str | None = None) -> Markup:
    """Text of the file, cut to the length; whatever its script, it does not turn what stands beside it."""
    return element("bdi", clipped(str(written), length), class_=class_)


def _child(child: Child) -> str:
    if child is None or isinstance(child, Markup):
        return child or ""
    return text(child) if isinstance(child, str) else joined(*child)


def _sign(character: str) -> str:
    return f'<span class="sign">{spelled(character)}</span>'


def _attribute(name: str, given: Attribute) -> str:
    if given is None or given is False:
        return ""
    return f" {name}" if given is True else f' {name}="{html.escape(escaped(str(given)))}"'
