"""A plan in; the call of polars.read_csv that reads the file (polars 2), and what it cannot read, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from csvgate.core.calls.plan import MISSING, Column, Plan
from csvgate.core.calls.source import filled, python, several

COMPRESSIONS = ("gzip", "zstd")
TYPES = {"integer": "pl.Int64", "number": "pl.Float64"}
# Two spellings each cover all that the types accept: with and without seconds.
MOMENTS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M")
CLOCKS = ("%H:%M:%S%.f", "%H:%M")
# What has no such spelling would become null without a word: so every zone is brought to the one that has.
_WITH_OFFSET = '.str.replace(" ?(Z|UTC|GMT)$", "+00:00").str.replace(" ([+-])", "${1}")'
_WITH_T = '.str.replace(" ", "T", literal=True)'


def obstacles(plan: Plan) -> Iterator[str]:
    """What polars gets wrong, mostly without a word."""
    if plan.dialect.escape_char:
        yield f"polars knows no escape such as {plan.dialect.escape_char}"
    if plan.has_blank_lines:
        yield "polars takes blank lines for records"
    if "\r" in plan.dialect.line_terminators and len(plan.dialect.line_terminators) > 1:
        yield "polars knows one kind of line end in a file"
    yield from plan.inner_quotes
    if plan.compression and (plan.compression not in COMPRESSIONS or _is_decoded(plan)):
        yield f"it is compressed with {plan.compression}"


def call(plan: Plan) -> str:
    """Reads everything that has a notation of its own as text, and converts it: what does not fit is an error."""
    lines = [*(["from pathlib import Path", ""] if _is_decoded(plan) else []), "import polars as pl", ""]
    if any(column.needs_words for column in plan.columns):
        lines.append(filled("missing = [", map(python, MISSING), "]", indent=0))
    arguments = "".join(f"    {argument},\n" for argument in _arguments(plan))
    lines.append(f"df = pl.read_csv(\n{arguments})")
    if conversions := [text for column in plan.columns if (text := _converted(column))]:
        lines.append("df = df.with_columns(\n" + "".join(f"    {text},\n" for text in conversions) + ")")
    return "\n".join(lines) + "\n"


def _arguments(plan: Plan) -> Iterator[str]:
    dialect = plan.dialect
    # polars leaves a doubled quote in a name doubled; it gets the names from the schema then.
    has_header = plan.has_own_names and not any('"' in column.name for column in plan.columns)
    skipped = dialect.skip_rows + (0 if has_header else plan.header_lines)
    yield _source(plan)
    yield f"separator={python(dialect.delimiter)}"
    yield f"quote_char={python(dialect.quote_char)}"
    if plan.line_end == "\r":
        yield f"eol_char={python(plan.line_end)}"
    if dialect.comment_prefix:
        yield f"comment_prefix={python(dialect.comment_prefix)}"
    if skipped:
        yield f"skip_lines={skipped}"
    if not has_header:
        yield "has_header=False"
    yield several("schema={", (f"{python(column.name)}: {_dtype(column)}" for column in plan.columns), "}", last=",")


def _is_decoded(plan: Plan) -> bool:
    return plan.dialect.encoding != "utf-8"


def _source(plan: Plan) -> str:
    """The file; as UTF-8 where it is not, since polars changes carriage returns inside values when it decodes."""
    if not _is_decoded(plan):
        return python(plan.filename)
    encoding = plan.dialect.encoding[:6] if plan.bom else plan.dialect.encoding
    return f"Path({python(plan.filename)}).read_bytes().decode({python(encoding)}).encode()"


def _dtype(column: Column) -> str:
    return "pl.String" if column.format or column.needs_words else TYPES.get(column.type, "pl.String")


def _converted(column: Column) -> str | None:
    """The conversion of a column that is read as text, if it is more than text or has empty values."""
    name = f"pl.col({python(column.name)})"
    if column.needs_words:
        name += ".replace(missing, None)"
    elif column.has_nulls:
        return f'{name}.replace("", None)'
    if column.type in TYPES and _dtype(column) == "pl.String":
        return f"{_plain_number(column, name)}.cast({TYPES[column.type]})"
    if column.type == "boolean":
        return f'{name}.str.to_lowercase().is_in(["true", "yes"])'
    return _moment(column, name)


def _plain_number(column: Column, name: str) -> str:
    group, decimal = column.marks
    name += f'.str.replace_all({python(group)}, "", literal=True)' if group else ""
    return name + (f'.str.replace_all({python(decimal)}, ".", literal=True)' if decimal != "." else "")


def _moment(column: Column, name: str) -> str | None:
    if column.type == "date":
        return f"{name}.str.to_date({python(column.format or '%Y-%m-%d')})"
    if column.type == "time":
        tries = [column.format] if column.format else CLOCKS
        return _either(f"{name}.str.to_time", tries)
    if column.type != "datetime":
        return None
    if column.format:
        return f"{name}.str.to_datetime({python(column.format.replace('.%f', '%.f'))})"
    if not column.is_zoned:
        return _either(f"{name}{_WITH_T}.str.to_datetime", MOMENTS)
    return _either(f"{name}{_WITH_OFFSET}{_WITH_T}.str.to_datetime", [f"{moment}%#z" for moment in MOMENTS])


def _either(call: str, formats: Sequence[str]) -> str:
    tries = (f"{call}({python(written)}, strict=False)" for written in formats)
    return several("pl.coalesce(", tries, ")", last=",")
