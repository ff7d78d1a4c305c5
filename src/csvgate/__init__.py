"""The gate that CSV files pass: the bytes of a file in, what it is and what is wrong with it out.

from csvgate import inspect

inspection = inspect(lambda: open("orders.csv", "rb"))
inspection.verdict, inspection.row_count, inspection.column_names
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from csvgate.core.columns.profile import ColumnProfile
    from csvgate.core.dialect import Dialect
    from csvgate.core.findings import Finding, Verdict
    from csvgate.core.inspection import Inspection, inspect
    from csvgate.errors import CsvgateError, PermanentError, TransientError

__version__ = "0.1.0"
__all__ = [
    "ColumnProfile",
    "CsvgateError",
    "Dialect",
    "Finding",
    "Inspection",
    "PermanentError",
    "TransientError",
    "Verdict",
    "inspect",
]

# Imported when first used (PEP 562): `csvgate up` need not wait for what reads files.
_HOMES = {
    "ColumnProfile": "csvgate.core.columns.profile",
    "CsvgateError": "csvgate.errors",
    "Dialect": "csvgate.core.dialect",
    "Finding": "csvgate.core.findings",
    "Inspection": "csvgate.core.inspection",
    "PermanentError": "csvgate.errors",
    "TransientError": "csvgate.errors",
    "Verdict": "csvgate.core.findings",
    "inspect": "csvgate.core.inspection",
}


def __getattr__(name: str) -> object:
    """A public name, from where it is defined."""
    if name not in _HOMES:
        problem = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(problem)
    return getattr(import_module(_HOMES[name]), name)
