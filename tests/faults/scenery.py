"""A folder and a size in; CSV files of several versions of several keys, and messages of them, mixed, out."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

TABLES = ("append_raw", "append_slow", "replace_raw", "replace_slow", "merge_raw", "merge_slow", "rows_any")
HEADER = ("id", "city", "note")
# Cells that break what reads CSV carelessly; an empty one is no value.
NOTES = (
    "",
    "plain",
    'a "quoted" one',
    "two\nlines",
    "comma, and ;",
    "größe ✓",
    "\\.",
    "\\N",
    "=1+1",
    "'; DROP TABLE x",
)


def build(folder: Path, *, versions: int, rows: int, seed: int) -> list[dict[str, Any]]:
    """Each table has a key of its own, whose versions differ; each version is told once to three times."""
    draw = random.Random(seed)
    for name in ("files", "queue", "inspected", "documents", "told"):
        (folder / name).mkdir(parents=True)
    manifest: list[dict[str, Any]] = [
        {"table": table, "key": f"{table}.csv", "version": number, "file": f"{table}-{number}.csv"}
        for table in TABLES
        for number in range(1, versions + 1)
    ]
    for entry in manifest:
        _write(folder / "files" / entry["file"], rows, draw)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    messages = [entry for entry in manifest for _ in range(draw.randint(1, 3))]
    draw.shuffle(messages)
    for number, entry in enumerate(messages):
        (folder / "queue" / f"{number:05}").write_text(json.dumps(entry))
    return manifest


def _write(path: Path, rows: int, draw: random.Random) -> None:
    """Ids are unique within a file, and shared between files."""
    ids = draw.sample(range(rows * 2), rows)
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow(HEADER)
        writer.writerows((number, f"city {draw.random()}", draw.choice(NOTES)) for number in ids)
