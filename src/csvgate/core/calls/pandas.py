"""A plan in; the call of pandas.read_csv that reads the file (pandas 3), and what it cannot read, out."""

from __future__ import annotations

from collections.abc import Iterator

from csvgate.core.calls.plan import MISSING, Column, Plan
from csvgate.core.calls.source import filled, python, several

COMPRESSIONS = {"gzip": "gzip", "bzip2": "bz2", "xz": "xz"}
TYPES = {"integer": "int64", "number": "float64"}


def obstacles(plan: Plan) -> Iterator[str]:
    """What pandas gets wrong, mostly without a word."""
    if plan.dialect.comment_prefix:
        yield f"pandas cuts every line at a {plan.dialect.comment_prefix}, not only comment lines"
    if plan.dialect.escape_char:
        yield f"pandas lets {plan.dialect.escape_char} escape outside of quotes, too"
    if plan.compression and plan.compression not in COMPRESSIONS:
        yield f"it is compressed with {plan.compression}"
    if len(plan.columns) == 1 and plan.has_blank_lines:
        yield "blank lines are values of an only column to pandas, also at the end"


def call(plan: Plan) -> str:
    """Reads everything that has a notation of its own as text, and converts it: what does not fit is an error."""
    lines = ["import pandas as pd", ""]
    if any(column.needs_words for column in plan.columns):
        lines.append(filled("missing = [", map(python, MISSING), "]", indent=0))
    arguments = "".join(f"    {argument},\n" for argument in _arguments(plan))
    lines.append(f"df = pd.read_csv(\n{arguments})")
    lines += [f"df[{python(column.name)}] = {text}" for column in plan.columns if (text := _converted(column))]
    return "\n".join(lines) + "\n"


def _arguments(plan: Plan) -> Iterator[str]:
    dialect = plan.dialect
    yield python(plan.filename)
    yield f"sep={python(dialect.delimiter)}"
    yield f"encoding={python(_encoding(plan))}"
    if plan.compression:
        yield f"compression={python(COMPRESSIONS[plan.compression])}"
    yield f"quotechar={python(dialect.quote_char)}" if dialect.quote_char else "quoting=3"
    if dialect.skip_rows:
        yield f"skiprows={dialect.skip_rows}"
    yield "header=0" if dialect.header else "header=None"
    if not plan.has_own_names:
        yield several("names=[", (python(column.name) for column in plan.columns), "]", last=",")
    if len(plan.columns) == 1:
        yield "skip_blank_lines=False"
    yield f"dtype={_dtypes(plan)}"
    yield "keep_default_na=False"
    if nulls := [f"{python(column.name)}: {_nulls(column)}" for column in plan.columns if column.has_nulls]:
        yield several("na_values={", nulls, "}", last=",")


def _encoding(plan: Plan) -> str:
    if plan.bom:
        return {"utf-8": "utf-8-sig"}.get(plan.dialect.encoding, plan.dialect.encoding[:6])
    return plan.dialect.encoding


def _dtypes(plan: Plan) -> str:
    types = {column.name: _dtype(column) for column in plan.columns}
    if set(types.values()) == {"str"}:
        return python("str")
    return several("{", (f"{python(name)}: {python(dtype)}" for name, dtype in types.items()), "}", last=",")


def _dtype(column: Column) -> str:
    if column.format:
        return "str"
    return "Int64" if column.type == "integer" and column.has_nulls else TYPES.get(column.type, "str")


def _nulls(column: Column) -> str:
    return "missing" if column.needs_words else '[""]'


def _converted(column: Column) -> str | None:
    """The conversion of a column that is read as text, if it is more than text."""
    name = f"df[{python(column.name)}]"
    if column.type == "number" and column.format:
        group, decimal = column.marks
        plain = f'{name}.str.replace({python(group)}, "")' if group else name
        return f"pd.to_numeric({plain}" + (f'.str.replace({python(decimal)}, "."))' if decimal != "." else ")")
    if column.type in ("date", "datetime"):
        zone = ", utc=True" if column.is_zoned else ""
        name += '.str.replace(" (UTC|GMT)$", "Z", regex=True)' if column.is_apart else ""
        return f"pd.to_datetime({name}, format={python(column.format or 'ISO8601')}{zone})"
    if column.type == "time" and column.format:
        return f"pd.to_datetime({name}, format={python(column.format)}).dt.time"
    if column.type == "boolean":
        words = '{"true": True, "yes": True, "false": False, "no": False}'
        return f'{name}.str.lower().map({words}).astype("boolean")'
    return None
