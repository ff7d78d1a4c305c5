"""One event of a log in; the line that a person reads on a terminal out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.text import Text

from csvgate.cli.page import MARKS, shown

LEVELS = {"ERROR": "bold red", "CRITICAL": "bold red", "WARNING": "yellow"}
# Told in this order, without their names; what is told nowhere is in the JSON.
SPOKEN = ("message", "key", "state", "reason")
OF_MACHINES = {"time", "level", "function", "stage", "request_id", "trace_id", "message_id", "bucket", "feed"}
UNSPOKEN = {*OF_MACHINES, "verdict", "delivery_id", "ms", *SPOKEN}
FUNCTION_WIDTH = 11
ID_LENGTH = 10


def log_line(when: datetime, group: str, fields: Mapping[str, Any]) -> Text:
    """Time, function, delivery, what happened to which file, and the rest in small."""
    function = str(fields.get("function") or group.rpartition("/")[2])
    delivery = str(fields.get("delivery_id") or "")[:ID_LENGTH]
    line = Text.assemble((f"{when:%H:%M:%S}.{when.microsecond // 1000:03}  ", "dim"))
    line.append_text(shown(f"{function:<{FUNCTION_WIDTH}}", style="cyan"))
    line.append_text(shown(f"  {delivery:<{ID_LENGTH}}", style="dim"))
    style = LEVELS.get(str(fields.get("level", "")).upper()) or MARKS.get(str(fields.get("verdict")), ("", ""))[1]
    # A line about a file says by its state what its message says.
    for name in SPOKEN[1:] if fields.get("key") else SPOKEN:
        if fields.get(name):
            line.append("  ").append_text(shown(fields[name], style="" if name == "key" else style))
    for name, value in fields.items():
        if name not in UNSPOKEN and value is not None:
            line.append_text(shown(f"  {name}={value}", style="dim"))
    return line.append_text(shown(f"  {fields['ms']} ms", style="dim")) if fields.get("ms") is not None else line
