"""Names of cases in; their inspections, written beside them, out: read them before you commit them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from csvgate.core.inspection import inspect

HERE = Path(__file__).parent


def main(names: list[str]) -> None:
    """The expected inspection of each case (all, if none is named) is what the code says now."""
    for path in [HERE / f"{name}.csv" for name in names] or sorted(HERE.glob("*.csv")):
        data = path.read_bytes()
        found = inspect(lambda data=data: iter([data])).to_json()  # type: ignore[misc]  # mypy infers no lambda default
        path.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n")
        codes = ", ".join(finding["code"] for finding in found["findings"]) or "nothing found"
        print(f"{path.stem}: {found['verdict']}, {found['row_count']} x {found['column_count']}, {codes}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
