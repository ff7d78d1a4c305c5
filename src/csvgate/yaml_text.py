"""YAML in; what it says, and on which line each part of it begins, out.

It is read as version 1.2 has it: `yes` and `2024-12-31` are texts, and no name may be there twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

Path = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Knows texts, numbers, true, false and null, and nothing that looks like one of them by chance."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def parse(text: bytes) -> tuple[Any, Mapping[Path, int]]:
    """The document and the lines of its parts; ValueError says what is no YAML, and where."""
    try:
        tree = yaml.compose(text, Loader=_Loader)
        lines = dict(_lines(tree, (), set())) if tree else {}
        return yaml.load(text, Loader=_Loader), lines  # noqa: S506  it is a SafeLoader
    except yaml.MarkedYAMLError as exc:
        place = f"line {exc.problem_mark.line + 1}: " if exc.problem_mark else ""
        problem = f"{place}{exc.problem}"
    except yaml.reader.ReaderError as exc:
        problem = f"it is neither YAML nor JSON: {exc.reason}, at byte {exc.position:,}"
    except yaml.YAMLError as exc:
        problem = str(exc)
    raise ValueError(problem)


def _lines(tree: yaml.Node, path: Path, known: set[int]) -> Iterator[tuple[Path, int]]:
    """Where each part of a document begins; ValueError where a name is there twice."""
    yield path, tree.start_mark.line + 1
    if id(tree) in known:  # an alias: it was seen before
        return
    known.add(id(tree))
    if isinstance(tree, yaml.SequenceNode):
        for at, part in enumerate(tree.value):
            yield from _lines(part, (*path, at), known)
    if isinstance(tree, yaml.MappingNode):
        names: set[str] = set()
        for key, part in tree.value:
            name = str(key.value)
            if name in names:
                problem = f"line {key.start_mark.line + 1}: {name!r} is there twice"
                raise ValueError(problem)
            names.add(name)
            yield from _lines(part, (*path, name), known)
