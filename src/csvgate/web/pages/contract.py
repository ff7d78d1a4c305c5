"""A contract in; what it asks of a file, column by column in words, out."""

from __future__ import annotations

from collections.abc import Iterator

from csvgate.core.contracts.contract import Contract
from csvgate.core.contracts.schema import Constraints, Field, Schema
from csvgate.report import words
from csvgate.report.markup import Markup, element, value

LENGTH, CHOICES = 120, 12
MATCH = {
    "exact": "exactly these columns, in this order",
    "equal": "exactly these columns, in any order",
    "subset": "these columns, and others if you like",
    "superset": "no other columns than these",
    "partial": "at least one of these columns",
}
BROKEN = {
    "quarantine": "Rows that break a rule are put aside; all others are taken.",
    "reject": "One row that breaks a rule, and the whole file is rejected.",
    "warn": "Rows that break a rule are taken, and told.",
}


def contract_table(contract: Contract) -> Markup:
    """The columns with their types and rules, and what becomes of a file that breaks them."""
    titles = ("Column", "Type", "Rules")
    head = element("thead", element("tr", [element("th", title, scope="col") for title in titles]))
    body = element("tbody", [_row(field) for field in contract.schema.fields])
    table = element("table", element("caption", "What was promised"), head, body, class_="contract")
    notes = [element("li", note) for note in _notes(contract)]
    return element("div", table, element("ul", notes, class_="notes"))


def rules(constraints: Constraints) -> Iterator[str]:
    """Each rule in a few words."""
    bounds = (("minimum", "from"), ("exclusive_minimum", "above"), ("maximum", "to"), ("exclusive_maximum", "below"))
    if constraints.required:
        yield "required"
    if constraints.unique:
        yield "unique"
    yield from (f"{said} {bound}" for name, said in bounds if (bound := getattr(constraints, name)) is not None)
    if constraints.min_length is not None or constraints.max_length is not None:
        yield _length(constraints)
    if constraints.pattern:
        yield f"matches {constraints.pattern}"
    if constraints.enum:
        more = len(constraints.enum) - CHOICES
        yield f"one of {', '.join(constraints.enum[:CHOICES])}{f' and {more} more' if more > 0 else ''}"


def _length(constraints: Constraints) -> str:
    low, high = constraints.min_length, constraints.max_length
    if low == high:
        return words.count(low or 0, "character")
    if high is None:
        return f"at least {words.count(low or 0, 'character')}"
    return f"{low or 0} to {words.count(high, 'character')}"


def _row(field: Field) -> Markup:
    kind = f"{field.type}, {field.format}" if field.format else field.type
    told = field.title or field.description
    about = element("small", value(told, LENGTH)) if told else None
    said = [element("li", value(rule, LENGTH)) for rule in rules(field.constraints)]
    name = element("th", value(field.name, LENGTH, class_="name"), about, scope="row")
    return element("tr", name, element("td", value(kind, LENGTH)), element("td", element("ul", said) if said else None))


def _notes(contract: Contract) -> Iterator[str]:
    schema: Schema = contract.schema
    yield f"A file has {MATCH[schema.fields_match]}."
    if schema.primary_key:
        yield f"No two rows have the same {', '.join(schema.primary_key)}."
    yield from (f"No two rows have the same {', '.join(keys)}." for keys in schema.unique_keys)
    limits = contract.limits
    yield BROKEN[contract.on_violation]
    if limits.max_bad_rows is not None:
        yield f"With more than {words.count(limits.max_bad_rows, 'such row')}, the file is rejected."
    if limits.max_bad_rate is not None:
        yield f"With more than {limits.max_bad_rate:.2%} such rows, the file is rejected."
