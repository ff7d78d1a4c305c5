"""HTML in; its elements, as a browser would see them, out."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta"}


@dataclass(kw_only=True, slots=True)
class Node:
    """An element: its attributes, its text with that of all within it, and the elements within it."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    within: list[Node] = field(default_factory=list)


class Outline(HTMLParser):
    """Reads HTML that closes what it opens, in order; anything else is an AssertionError."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.nodes: list[Node] = []
        self._open: list[Node] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        node = Node(tag=tag, attributes=dict(attrs))
        for outer in self._open:
            outer.within.append(node)
        self.nodes.append(node)
        self._open += [] if tag in VOID else [node]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for outer in self._open:
            outer.text += data

    def all(self, tag: str, class_: str | None = None) -> list[Node]:
        """The elements with that name, and that class among theirs."""
        found = [node for node in self.nodes if node.tag == tag]
        return [node for node in found if class_ is None or class_ in (node.attributes.get("class") or "").split()]
