"""A plan in; the query with which DuckDB reads the file (2.0), and what it cannot read, out."""

from __future__ import annotations

from collections.abc import Iterator

from csvgate.core.calls.plan import MISSING, Column, Plan
from csvgate.core.calls.source import filled, identifier, several, sql

COMPRESSIONS = {"gzip": "gzip", "zstd": "zstd"}
# Big-endian UTF-16 gives no rows and no error, little-endian fails beyond the basic plane; other code pages need an
# extension that must be installed.
ENCODINGS = {"utf-8": "utf-8", "iso-8859-1": "latin-1"}
LINE_ENDS = {"\n": "\\n", "\r": "\\r", "\r\n": "\\r\\n"}
TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "datetime": "TIMESTAMP",
}
LONGEST_RECORD = 2_000_000


def obstacles(plan: Plan) -> Iterator[str]:
    """What DuckDB refuses or gets wrong."""
    if plan.dialect.comment_prefix:
        yield f"DuckDB cuts every line at a {plan.dialect.comment_prefix}, not only comment lines"
    if plan.dialect.escape_char and plan.dialect.double_quote:
        yield f"quotes are doubled and escaped with {plan.dialect.escape_char}"
    if len(plan.dialect.line_terminators) > 1:
        yield "lines end in several ways"
    if plan.has_blank_lines:
        yield "DuckDB takes some blank lines for a header or for records"
    if plan.dialect.encoding not in ENCODINGS:
        yield f"DuckDB alone does not read {plan.dialect.encoding}"
    if plan.compression and plan.compression not in COMPRESSIONS:
        yield f"it is compressed with {plan.compression}"


def call(plan: Plan) -> str:
    """Names every column and its type: nothing is left to DuckDB's sniffer, which looks at a sample."""
    opening = "CREATE OR REPLACE TEMP MACRO present(x) AS CASE WHEN x NOT IN ("
    macro = filled(opening, map(sql, MISSING), ") THEN x END;", indent=0) + "\n"
    replaced = [f"{text} AS {identifier(column.name)}" for column in plan.columns if (text := _converted(column))]
    columns = several("* REPLACE (", replaced, ")", indent=0) if replaced else "*"
    arguments = ",\n".join(f"    {argument}" for argument in _arguments(plan))
    start = macro if any(column.needs_words for column in plan.columns) else ""
    return f"{start}SELECT {columns}\nFROM read_csv(\n{arguments}\n);\n"


def _arguments(plan: Plan) -> Iterator[str]:
    dialect = plan.dialect
    yield sql(plan.filename)
    yield "auto_detect = false"
    yield f"delim = {sql(dialect.delimiter)}"
    yield f"quote = {sql(dialect.quote_char or '')}"
    yield f"escape = {sql(dialect.escape_char or dialect.quote_char or '')}"
    yield f"new_line = {sql(LINE_ENDS[plan.line_end])}"
    yield f"encoding = {sql(ENCODINGS[dialect.encoding])}"
    if plan.compression:
        yield f"compression = {sql(COMPRESSIONS[plan.compression])}"
    if dialect.skip_rows:
        yield f"skip = {dialect.skip_rows}"
    yield f"header = {str(dialect.header).lower()}"
    if plan.longest > LONGEST_RECORD:
        yield f"max_line_size = {4 * plan.longest}"
    if dialect.quote_char:
        yield "parallel = false"  # in parallel, quoted line breaks are miscounted
    yield "nullstr = ''"
    types = (f"{sql(column.name)}: {sql(_read_as(column))}" for column in plan.columns)
    yield several("columns = {", types, "}")


def _type(column: Column) -> str:
    return "TIMESTAMPTZ" if column.is_zoned else TYPES.get(column.type, "VARCHAR")


def _read_as(column: Column) -> str:
    return "VARCHAR" if column.format or column.needs_words or column.is_apart else _type(column)


def _converted(column: Column) -> str | None:
    """The conversion of a column that is read as text, if it is more than text."""
    if _read_as(column) == _type(column):
        return None
    name = identifier(column.name)
    value = f"present({name})" if column.needs_words else name
    if column.type == "number" and column.format:
        group, decimal = column.marks
        value = f"replace({value}, {sql(group)}, '')" if group else value
        value = f"replace({value}, {sql(decimal)}, '.')" if decimal != "." else value
    elif column.is_apart:
        value = f"regexp_replace({value}, ' ([Z+-])', '\\1')"  # DuckDB takes ` +0100` for the name of a zone
    elif column.format:
        value = f"strptime({value}, {sql(column.format)})"
    return f"{value}::{_type(column)}"
