"""A template's name and parameters in, its resources as AWS would make them out: decided, and with all names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from csvgate.local import templates

ACCOUNT, REGION = "123456789012", "eu-central-1"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
}
NOTHING = object()
Node = Any  # whatever YAML can hold


class _Loader(yaml.SafeLoader):
    """YAML in which `!Sub x` is `{"Sub": "x"}`."""


def _tagged(loader: Node, tag: str, node: Node) -> dict[str, Node]:
    return {tag: loader.construct_sequence(node, deep=True) if node.id == "sequence" else node.value}


_Loader.add_multi_constructor("!", _tagged)


def load(name: str) -> dict[str, Any]:
    """The template as it is written."""
    loaded: dict[str, Any] = yaml.load(templates.read(name), Loader=_Loader)  # noqa: S506  # a safe loader
    return loaded


@dataclass(frozen=True, kw_only=True)
class _Scope:
    """What names mean in one template."""

    template: Mapping[str, Any]
    values: Mapping[str, Any]

    def value(self, node: Node) -> Node:
        """The node with everything decided; NOTHING where the property is to be left out."""
        if isinstance(node, list):
            return [made for made in map(self.value, node) if made is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1 and (decide := getattr(self, f"_{next(iter(node)).lower()}", None)):
            return decide(next(iter(node.values())))
        made = {key: self.value(child) for key, child in node.items()}
        return {key: child for key, child in made.items() if child is not NOTHING}

    def _ref(self, name: str) -> Node:
        return NOTHING if name == "AWS::NoValue" else self.values.get(name, f"ref:{name}")

    def _getatt(self, path: str) -> str:
        return f"att:{path}"

    def _sub(self, node: Node) -> str:
        text, more = node if isinstance(node, list) else (node, {})
        known = {**self.values, **{name: self.value(child) for name, child in more.items()}}
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(known.get(found[1], f"att:{found[1]}")), text)

    def _if(self, node: list[Node]) -> Node:
        return self.value(node[1] if self._condition(node[0]) else node[2])

    def _condition(self, name: str) -> bool:
        return bool(self.value(self.template["Conditions"][name]))

    def _equals(self, node: list[Node]) -> bool:
        left, right = map(self.value, node)
        return bool(left == right)

    def _not(self, node: list[Node]) -> bool:
        return not self.value(node[0])

    def _and(self, node: list[Node]) -> bool:
        return all(map(self.value, node))

    def _or(self, node: list[Node]) -> bool:
        return any(map(self.value, node))

    def _join(self, node: list[Node]) -> str:
        separator, parts = map(self.value, node)
        return str(separator).join(parts)

    def _split(self, node: list[Node]) -> list[str]:
        separator, text = map(self.value, node)
        return str(text).split(separator)

    def _select(self, node: list[Node]) -> Node:
        index, parts = map(self.value, node)
        return parts[int(index)]

    def _getazs(self, _: str) -> list[str]:
        return [f"{REGION}{zone}" for zone in "abc"]

    def _findinmap(self, node: list[Node]) -> Node:
        table, row, column = map(self.value, node)
        return self.template["Mappings"][table][row][column]

    def exists(self, resource: Mapping[str, Any]) -> bool:
        """The resource's condition holds."""
        return "Condition" not in resource or self._condition(resource["Condition"])


def render(name: str, **parameters: str) -> dict[str, Any]:
    """The resources of the template, by logical name."""
    template = load(name)
    asked = template.get("Parameters", {})
    given = {name: str(each["Default"]) for name, each in asked.items()} | parameters
    assert given.keys() == asked.keys()
    lists = {name: text.split(",") for name, text in given.items() if asked[name]["Type"] == "CommaDelimitedList"}
    scope = _Scope(template=template, values={**PSEUDO, **given, **lists})
    return {
        logical: scope.value({key: child for key, child in resource.items() if key != "Condition"})
        for logical, resource in template["Resources"].items()
        if scope.exists(resource)
    }


def of_type(resources: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The properties of all resources of one type, by logical name."""
    return {name: found["Properties"] for name, found in resources.items() if found["Type"] == f"AWS::{kind}"}
