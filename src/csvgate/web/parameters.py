"""A parameter's JSON Schema and what a request gave in; its value out, or what is wrong with it.

The schema that is checked is the schema that the OpenAPI document shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from csvgate.web.problems import Problem

Value = str | int | None
JsonSchema = Mapping[str, object]
LONGEST = 1024
TEXT: JsonSchema = {"type": "string", "minLength": 1, "maxLength": LONGEST}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter in the query or the path; `schema` is a string (enum, pattern, lengths) or a bounded integer."""

    name: str
    meaning: str
    place: Literal["query", "path", "header"] = "query"
    schema: JsonSchema = field(default_factory=lambda: TEXT)
    default: Value = None
    is_needed: bool = False

    def value(self, given: Sequence[str]) -> Value:
        """The value; Problem (400) if it is none of the schema's."""
        if not given and self.is_needed:
            raise Problem(HTTPStatus.BAD_REQUEST, f"{self.name} is missing", parameter=self.name)
        if not given:
            return self.default
        complaint = "is there more than once" if len(given) > 1 else self._complaint(given[0])
        if complaint:
            raise Problem(HTTPStatus.BAD_REQUEST, f"{self.name} {complaint}", parameter=self.name)
        return int(given[0]) if self.schema["type"] == "integer" else given[0]

    def _complaint(self, text: str) -> str | None:
        if self.schema["type"] == "integer":
            return _no_number(text, self.schema)
        choices, pattern = self.schema.get("enum"), self.schema.get("pattern")
        if isinstance(choices, Sequence) and text not in choices:
            return f"is none of {', '.join(map(str, choices))}"
        if isinstance(pattern, str) and not re.search(pattern, text):
            return f"does not match {pattern}"
        shortest, longest = self.schema.get("minLength", 0), self.schema.get("maxLength", LONGEST)
        assert isinstance(shortest, int)  # noqa: S101
        assert isinstance(longest, int)  # noqa: S101
        return None if shortest <= len(text) <= longest else f"is not {shortest} to {longest} characters long"


def _no_number(text: str, schema: JsonSchema) -> str | None:
    low, high = schema["minimum"], schema["maximum"]
    assert isinstance(low, int)  # noqa: S101  every integer of ours has bounds
    assert isinstance(high, int)  # noqa: S101
    is_number = re.fullmatch(r"-?[0-9]{1,18}", text) and low <= int(text) <= high
    return None if is_number else f"is no number from {low} to {high}"
