"""What was measured and the page about it in; both as files of one name, beside all other results, out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def write(name: str, found: dict[str, Any], page: str, folder: Path = RESULTS) -> None:
    """`name.json` and `name.md` lie in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(page, encoding="utf-8")
