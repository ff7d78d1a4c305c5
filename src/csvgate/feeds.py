"""The text of a contract or of a feeds file in, YAML or JSON; a Schema or Feeds out, or what is wrong on which line."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from typing import Any

from csvgate.core.contracts.descriptor import read_schema
from csvgate.core.contracts.document import Node, Path, Problem
from csvgate.core.contracts.feed import Feeds
from csvgate.core.contracts.feedfile import read_feeds
from csvgate.core.contracts.schema import Schema
from csvgate.errors import UsageError

# Gives the text of a file that is named relative to the feeds file.
Read = Callable[[str], bytes]
# So many problems are told at once.
TOLD = 10
Lines = Mapping[Path, int]


def load_schema(text: bytes, name: str) -> Schema:
    """The schema; UsageError says all that is wrong in it, and where."""
    node, lines = _parsed(text, name)
    schema = read_schema(node)
    _raise_problems(node, name, lines)
    return schema


def load_feeds(text: bytes, name: str, read: Read) -> Feeds:
    """The feeds, with the contracts that they name; UsageError says all that is wrong in them, and where."""
    node, lines = _parsed(text, name)

    def fetch(named: Node) -> Schema | None:
        try:
            return load_schema(read(named.value), named.value)
        except UsageError as exc:
            named.complain(str(exc))
        except OSError as exc:
            named.complain(f"{named.value!r} cannot be read: {exc.strerror or exc}")
        return None

    feeds = read_feeds(node, fetch)
    _raise_problems(node, name, lines)
    return feeds


def _parsed(text: bytes, name: str) -> tuple[Node, Lines]:
    """The document, and the lines on which its parts stand, as far as they are known."""
    text = text.removeprefix(BOM_UTF8)
    try:
        if text.lstrip()[:1] in (b"{", b"["):
            return Node(json.loads(text, object_pairs_hook=_once)), {}
        from csvgate.yaml_text import parse  # noqa: PLC0415  JSON needs no PyYAML

        document, lines = parse(text)
    except (ValueError, RecursionError) as exc:
        problem = f"{name}: {exc}"
        raise UsageError(problem) from None
    return Node(document), lines


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        problem = f"{next(name for name in names if names.count(name) > 1)!r} is there twice"
        raise ValueError(problem)
    return found


def _raise_problems(node: Node, name: str, lines: Lines) -> None:
    problems = node.problems
    if problems is None:
        return
    told = [f"{name}: {_placed(problem, lines)}" for problem in problems.found[:TOLD]]
    more = len(problems.found) - len(told)
    raise UsageError("\n".join([*told, *([f"and {more} more"] if more else [])]))


def _placed(problem: Problem, lines: Lines) -> str:
    return f"line {lines[problem.path]}: {problem}" if problem.path in lines else str(problem)
