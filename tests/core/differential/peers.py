"""A file and what csvgate found out about it in; what a peer makes of it, told all that csvgate knows, out.

Packed files are given unpacked, and whatever decodes without an error as UTF-8: this is about CSV, not about packing
and encodings. Every cell is compared as text, an absent one as an empty one.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from csvgate.core.canonical import Canonical, Style
from csvgate.core.inspection import Inspection, inspect
from csvgate.core.text.container import ByteStream
from tests.strategies import whole

Row = tuple[str, ...]
# What a peer does otherwise, the first that holds.
What = Literal["refuses", "accepts", "names", "count", "cells", "types"]
LINE_ENDS = {"\n": "\\n", "\r": "\\r", "\r\n": "\\r\\n", "\r\r\n": "\\r\\n"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A table as somebody read it; `types` holds only the columns of which there is something to compare."""

    names: Row
    rows: tuple[Row, ...]
    types: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A file as a peer gets it, with what csvgate found."""

    path: Path
    encoding: str
    found: Inspection

    @property
    def text(self) -> str:
        """The text, as Python decodes it."""
        return self.path.read_bytes().decode(self.encoding)


def case_of(data: bytes, folder: Path) -> Case:
    """The file lies in the folder, unpacked and in UTF-8 if it can."""
    found = inspect(whole(data))
    stream, encoding = ByteStream(whole(data)()), found.dialect.encoding
    plain = stream.read(1 << 26) if found.verdict != "rejected" else data
    with suppress(UnicodeDecodeError):
        plain, encoding = plain[found.bytes.bom :].decode(encoding).encode(), "utf-8"
    path = folder / "case.csv"
    path.write_bytes(plain)
    return Case(path=path, encoding=encoding, found=found)


def as_csvgate_reads(data: bytes, found: Inspection) -> Read | None:
    """The table as `csvgate clean` writes it, every record as wide as it is; None where the file is rejected."""
    if found.verdict == "rejected":
        return None
    pieces = Canonical(whole(data), found, Style(ragged="keep")).pieces()
    rows = list(csv.reader(io.StringIO("".join(piece.text for piece in pieces), newline="")))
    types = {column.name: column.type for column in found.columns if column.type != "any"}
    return Read(names=found.column_names, rows=tuple(map(tuple, rows[1:])), types=types)


def disagreement(ours: Read | None, theirs: Read | None) -> What | None:
    """What the peer does otherwise; None where both say the same."""
    if ours is None or theirs is None:
        return None if ours is theirs else "accepts" if ours is None else "refuses"
    if ours.names != theirs.names:
        return "names"
    if ours.rows != theirs.rows:
        return "count" if len(ours.rows) != len(theirs.rows) else "cells"
    common = ours.types.keys() & theirs.types.keys()
    return "types" if any(ours.types[name] != theirs.types[name] for name in common) else None


def _csv(case: Case) -> Read:
    dialect = case.found.dialect
    lines = io.StringIO(case.text, newline="")
    for _ in range(dialect.skip_rows):
        next(lines)
    rows = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote_char,
        quoting=csv.QUOTE_MINIMAL if dialect.quote_char else csv.QUOTE_NONE,
        doublequote=dialect.double_quote,
        escapechar=dialect.escape_char,
        skipinitialspace=dialect.skip_initial_space,
    )
    # As DictReader does it: a line without a cell is no record.
    read = [tuple(row) for row in rows if row]
    names = read.pop(0) if dialect.header and read else case.found.column_names
    return Read(names=names, rows=tuple(read), types={})


def _duckdb(case: Case) -> Read:
    dialect = case.found.dialect
    options: dict[str, Any] = {
        "delim": dialect.delimiter,
        "quote": dialect.quote_char or "",
        "escape": dialect.escape_char or dialect.quote_char or "",
        "header": dialect.header,
        "skip": dialect.skip_rows,
        "comment": dialect.comment_prefix or "",
        "encoding": case.encoding,
        "new_line": LINE_ENDS[dialect.line_terminators[0]],
        "sample_size": -1,
    }
    connection = import_module("duckdb").connect()
    texts, typed = (_query(connection, case, options | {"all_varchar": varchar}) for varchar in (True, False))
    rows = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in texts.fetchall())
    names = tuple(texts.columns) if dialect.header else case.found.column_names
    kinds = (DUCKDB.get(str(kind).partition("(")[0], "string") for kind in typed.types)
    return Read(names=names, rows=rows, types=dict(zip(names, kinds, strict=True)))


def _query(connection: Any, case: Case, options: dict[str, Any]) -> Any:  # noqa: ANN401  a package without types
    named = ", ".join(f"{name} = {_sql(value)}" for name, value in options.items())
    return connection.sql(f"SELECT * FROM read_csv({_sql(str(case.path))}, {named})")  # noqa: S608  quoted


def _sql(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value).lower()


def _pandas(case: Case) -> Read:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what is compared here
        texts, typed = _frame(case, dtype=str, keep_default_na=False), _frame(case)
    rows = tuple(tuple("" if cell != cell else str(cell) for cell in row) for row in texts.itertuples(index=False))  # noqa: PLR0124  NaN
    has_header = case.found.dialect.header
    names = tuple(map(str, texts.columns)) if has_header else case.found.column_names
    # To pandas, dates and times are text until it is told otherwise.
    kinds = {name: PANDAS[kind] for name, kind in zip(names, map(str, typed.dtypes), strict=True) if kind in PANDAS}
    dated = {column.name for column in case.found.columns if column.type in ("date", "time", "datetime")}
    return Read(names=names, rows=rows, types={name: kind for name, kind in kinds.items() if name not in dated})


def _frame(case: Case, **options: object) -> Any:  # noqa: ANN401  a package without types
    dialect = case.found.dialect
    is_single = len(dialect.delimiter) == 1
    return import_module("pandas").read_csv(
        case.path,
        sep=dialect.delimiter if is_single else re.escape(dialect.delimiter),
        engine="c" if is_single else "python",
        encoding=case.encoding,
        quotechar=dialect.quote_char or '"',
        quoting=csv.QUOTE_MINIMAL if dialect.quote_char else csv.QUOTE_NONE,
        doublequote=dialect.double_quote,
        escapechar=dialect.escape_char,
        skipinitialspace=dialect.skip_initial_space,
        skiprows=dialect.skip_rows,
        header=0 if dialect.header else None,
        comment=dialect.comment_prefix,
        **options,
    )


DUCKDB = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "number"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_NS"), "datetime"),
}
PANDAS = {"int64": "integer", "float64": "number", "bool": "boolean", "str": "string", "object": "string"}
PEERS: dict[str, Callable[[Case], Read]] = {"csv": _csv, "duckdb": _duckdb, "pandas": _pandas}


def read_by(peer: str, case: Case) -> Read | None:
    """The table as the peer reads it; None where it raises an error."""
    try:
        return PEERS[peer](case)
    except Exception:  # noqa: BLE001  whatever it is that it raises, it refuses
        return None
