"""A plan in; the table and the copy command of psql that fill PostgreSQL from the file, and what COPY refuses, out."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from csvgate.core.calls.plan import MISSING, Column, Plan
from csvgate.core.calls.source import filled, identifier, sql

UNPACK = {"gzip": "gzip -dc", "bzip2": "bzip2 -dc", "xz": "xz -dc", "zstd": "zstd -dc"}
# The server's name of an encoding; what it does not know is transcoded on the way, by iconv.
ENCODINGS = {
    "utf-8": "UTF8",
    "windows-1250": "WIN1250",
    "windows-1251": "WIN1251",
    "windows-1252": "WIN1252",
    "windows-1253": "WIN1253",
    "windows-1254": "WIN1254",
    "windows-1255": "WIN1255",
    "windows-1256": "WIN1256",
    "windows-1257": "WIN1257",
    "iso-8859-1": "LATIN1",
    "iso-8859-2": "LATIN2",
    "iso-8859-15": "LATIN9",
    "koi8-r": "KOI8R",
    "cp866": "WIN866",
    "cp874": "WIN874",
    "euc-jp": "EUC_JP",
    "cp932": "SJIS",
    "gb18030": "GB18030",
    "cp950": "BIG5",
    "cp949": "UHC",
}
ICONV = {
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE",
    "mac-roman": "MACINTOSH",
}
TYPES = {
    "integer": "bigint",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "timestamp",
}
PATTERNS = {
    "%Y": "YYYY", "%m": "MM", "%d": "DD", "%b": "Mon", "%B": "Month",
    "%H": "HH24", "%I": "HH12", "%M": "MI", "%S": "SS", "%f": "US", "%p": "AM",
}  # fmt: skip
CASTS = {"datetime": "::timestamp", "time": "::time"}
PRESENT = (
    "CREATE FUNCTION pg_temp.present(value text) RETURNS text IMMUTABLE LANGUAGE sql AS\n    $$SELECT CASE WHEN value "
    + filled("NOT IN (", map(sql, MISSING), ")")
    + " THEN value END$$;"
)
MAX_COLUMNS, MAX_NAME = 1600, 63
# No quote at all cannot be said; this character stands in no text.
NO_QUOTE = "E'\\b'"


def obstacles(plan: Plan) -> Iterator[str]:
    """What COPY refuses, or reads in another way."""
    yield from plan.inner_quotes
    if plan.dialect.comment_prefix:
        yield "COPY knows no comment lines"
    if plan.dialect.escape_char and plan.dialect.double_quote:
        yield f"quotes are doubled and escaped with {plan.dialect.escape_char}"
    if len(plan.dialect.line_terminators) > 1:
        yield "lines end in several ways"
    if plan.compression and plan.compression not in UNPACK:
        yield f"it is compressed with {plan.compression}"
    if plan.has_blank_lines:
        yield "COPY takes blank lines for records"
    if plan.dialect.skip_rows and plan.line_end == "\r":
        yield "lines that end in CR cannot be skipped"


def call(plan: Plan) -> str:
    """Text is loaded as text; what has a notation of its own is converted in the table, and must fit."""
    table = identifier(plan.filename.rpartition("/")[2].partition(".")[0] or "data")
    columns = [f"{identifier(column.name)} {_loaded_as(column)}" for column in plan.columns]
    lines = [*_warnings(plan), f"CREATE TABLE {table} (\n    " + ",\n    ".join(columns) + "\n);"]
    lines.append(f"\\copy {table} FROM {_origin(plan)} WITH ({', '.join(_options(plan))})")
    changes = [f"ALTER COLUMN {identifier(column.name)} {text}" for column in plan.columns if (text := _change(column))]
    if any(column.needs_words for column in plan.columns):
        lines.append(PRESENT)
    if changes:
        lines.append(f"ALTER TABLE {table}\n    " + ",\n    ".join(changes) + ";")
    return "\n".join(lines) + "\n"


def _warnings(plan: Plan) -> Iterator[str]:
    if plan.has_nul:
        yield "-- PostgreSQL keeps no NUL in a text: those of the file are removed on the way"
    if len(plan.columns) > MAX_COLUMNS:
        yield f"-- PostgreSQL has at most {MAX_COLUMNS:,} columns: this table cannot be created"
    if any(len(column.name.encode()) > MAX_NAME for column in plan.columns):
        yield f"-- PostgreSQL cuts names of columns after {MAX_NAME} bytes"


def _origin(plan: Plan) -> str:
    """The file, or the commands that make of it what the server understands."""
    name = shlex.quote(plan.filename)
    steps = [f"{UNPACK[plan.compression]} {name}"] if plan.compression else []
    if plan.dialect.encoding not in ENCODINGS:
        steps.append(f"iconv -f {ICONV.get(plan.dialect.encoding, plan.dialect.encoding)} -t UTF-8")
    if plan.bom and not plan.dialect.header:
        steps.append("tail -c +4")  # with a header, the BOM goes with it
    if plan.dialect.skip_rows:
        steps.append(f"tail -n +{plan.dialect.skip_rows + 1}")
    if plan.has_nul:
        steps.append("tr -d '\\000'")
    if not steps:
        return sql(plan.filename)
    first = steps[0] if plan.compression else f"{steps[0]} < {name}"
    return "PROGRAM " + sql(" | ".join([first, *steps[1:]]))


def _options(plan: Plan) -> Iterator[str]:
    dialect = plan.dialect
    yield "FORMAT csv"
    yield f"HEADER {str(dialect.header).lower()}"
    yield f"DELIMITER {sql(dialect.delimiter) if dialect.delimiter.isprintable() else _escaped(dialect.delimiter)}"
    yield f"QUOTE {sql(dialect.quote_char) if dialect.quote_char else NO_QUOTE}"
    yield f"ESCAPE {sql(dialect.escape_char or dialect.quote_char) if dialect.quote_char else NO_QUOTE}"
    yield f"ENCODING {sql(ENCODINGS.get(dialect.encoding, 'UTF8'))}"
    if nullable := [identifier(column.name) for column in plan.columns if column.has_nulls]:
        yield f"FORCE_NULL ({', '.join(nullable)})"


def _escaped(delimiter: str) -> str:
    return f"E'\\x{ord(delimiter):02x}'"


def _loaded_as(column: Column) -> str:
    return "text" if column.format or column.needs_words else _type(column)


def _type(column: Column) -> str:
    return "timestamptz" if column.is_zoned else TYPES.get(column.type, "text")


def _change(column: Column) -> str | None:
    """How a column that was loaded as text gets its type."""
    if not column.is_typed or _loaded_as(column) != "text":
        return None
    name = identifier(column.name)
    return f"TYPE {_type(column)} USING {_value(column, f'pg_temp.present({name})' if column.needs_words else name)}"


def _value(column: Column, name: str) -> str:
    if column.type == "number":
        group, decimal = column.marks
        plain = f"replace({name}, {sql(group)}, '')" if group else name
        return (f"replace({plain}, {sql(decimal)}, '.')" if decimal != "." else plain) + "::numeric"
    if not column.format:
        return f"{name}::{_type(column)}"
    pattern = column.format
    for ours, theirs in PATTERNS.items():
        pattern = pattern.replace(ours, theirs)
    kind = "date" if column.type == "date" else "timestamp"
    return f"to_{kind}({name}, {sql(pattern)}){CASTS.get(column.type, '')}"
