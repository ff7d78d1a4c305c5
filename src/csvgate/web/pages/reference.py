"""The OpenAPI document in; the same as a page that a person reads, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from csvgate.report.markup import Child, Markup, element, joined

Described = Mapping[str, Any]


def reference(document: Described) -> Markup:
    """Every operation under its path: what it takes and what it answers; then the shapes, by name."""
    operations = [
        _operation(method.upper(), path, described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]
    shapes = [_shape(name, schema) for name, schema in document["components"]["schemas"].items()]
    told = document["info"]["description"].replace("`", "")
    return joined(
        element("h1", "API"),
        element(
            "p", told, " The same for machines: ", element("a", "openapi.json", href="/openapi.json"), class_="lead"
        ),
        element("pre", element("code", EXAMPLE), tabindex=0, aria_label="An example"),
        operations,
        element("h2", "Shapes", id="shapes"),
        shapes,
    )


# Markup, as it has lines: those of a text would be spelled out.
EXAMPLE = Markup("""curl --data-binary @orders.csv \\
  -H "Authorization: Bearer $TOKEN" \\
  "$CSVGATE/api/uploads?name=orders.csv"
""")


def _operation(method: str, path: str, described: Described) -> Markup:
    name = described["operationId"]
    title = element(
        "h2", element("span", method, class_=f"method {method.lower()}"), " ", element("code", path), id=name
    )
    scope = described.get("description", "Open to everybody.").replace("`", "")
    return element(
        "article",
        title,
        element("p", described["summary"], ". ", element("small", scope)),
        _parameters(described.get("parameters", ())),
        _body(described.get("requestBody")),
        _answers(described["responses"]),
        class_="operation",
        aria_labelledby=name,
    )


def _parameters(parameters: Iterable[Described]) -> Markup | None:
    rows = [
        (
            element("code", one["name"]),
            f"{one['in']}{', needed' if one['required'] else ''}",
            _kind(one["schema"]),
            one["description"],
        )
        for one in parameters
    ]
    return _table("Parameters", ("Name", "Where", "Type", "Meaning"), rows) if rows else None


def _body(body: Described | None) -> Markup | None:
    if not body:
        return None
    kinds = [
        element("li", element("code", kind), " ", _kind(content.get("schema", {})))
        for kind, content in body["content"].items()
    ]
    return element("div", element("h3", "Body"), element("p", body["description"]), element("ul", kinds))


def _answers(responses: Described) -> Markup:
    """Statuses that say the same stand in one row."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for status, answer in responses.items():
        shapes = joined(
            *(_kind(content.get("schema", {})) or kind for kind, content in answer.get("content", {}).items())
        )
        grouped.setdefault((answer["description"], shapes), []).append(status)
    rows = [(element("code", ", ".join(statuses)), told, Markup(shape)) for (told, shape), statuses in grouped.items()]
    return _table("Answers", ("Status", "Meaning", "Shape"), rows)


def _shape(name: str, schema: Described) -> Markup:
    properties = schema.get("properties") or {}
    needed = set(schema.get("required", ()))
    rows = [
        (element("code", one), _kind(kind), "always there" if one in needed else "") for one, kind in properties.items()
    ]
    table = _table("", ("Name", "Type", ""), rows) if rows else element("p", _kind(schema))
    return element("article", element("h3", element("code", name), id=f"shape-{name}"), table, class_="operation")


def _table(title: str, heads: tuple[str, ...], rows: Sequence[tuple[Child, ...]]) -> Markup:
    head = [element("th", each, scope="col") if each else element("td") for each in heads]
    body = [element("tr", [element("td", cell) for cell in row]) for row in rows]
    caption = element("h3", title) if title else None
    table = element("table", element("thead", element("tr", head)), element("tbody", body))
    return element(
        "div", caption, element("div", table, class_="wide", tabindex=0, role="group", aria_label=title or "Members")
    )


def _kind(schema: Described) -> Child:
    """The type in a few words; a shape by its name is a link to it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return element("a", name, href=f"#shape-{name}")
    if "allOf" in schema:
        return [[_kind(part), " "] for part in schema["allOf"]]
    if "enum" in schema:
        return " | ".join(str(choice) for choice in schema["enum"])
    if schema.get("type") == "array":
        return ["list of ", _kind(schema.get("items", {}))]
    kind = schema.get("type", "")
    named = " or ".join(kind) if isinstance(kind, list) else kind
    bounds = [f"{said} {schema[name]}" for name, said in (("minimum", "from"), ("maximum", "to")) if name in schema]
    return ", ".join([part for part in (named, schema.get("format", "")) if part] + bounds)
