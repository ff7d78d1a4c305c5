"""Nothing in, the burst's page and JSON document in `benchmarks/results/` renewed out.

python -m benchmarks; the inspector has a program of its own, python -m benchmarks.inspect
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import burst
from benchmarks.markdown import table
from benchmarks.output import write


def page(result: Mapping[str, Any]) -> str:
    """What was measured, for people."""
    return "\n".join(
        [
            "# Burst",
            "",
            f"{result['what']}.",
            "The rival is the same two-stage stack with handlers that only count lines and write one item:",
            "three calls to AWS per file (read, send, write), no claim, no history, no order, no proof.",
            "csvgate makes six: it claims, reads, writes the inspection, sends, reads the column names back,",
            "and records in one transaction over two tables.",
            "",
            *table(["", *result["medians"]], medians(result["medians"])),
            "",
            f"csvgate takes {result['ratio']} times as long; the aim is at most {result['aim']} times.",
            "",
            "Single rounds; the load is that of the whole machine, and a busy neighbour slows the longer one more:",
            "",
            *table(
                [name.replace("_", " ") for name in result["rounds"][0]], [one.values() for one in result["rounds"]]
            ),
            "",
            "Machine:",
            "",
            *table(["", ""], result["machine"].items()),
            "",
        ]
    )


def medians(found: Mapping[str, Mapping[str, float]]) -> list[list[object]]:
    """One line per figure, one column per contender."""
    names = {
        "seconds": "all records there after, s",
        "p50": "a file waits, half of them, s",
        "p99": "a file waits, 99 in 100, s",
        "cpu_seconds": "processor, emulator and functions, s",
    }
    return [[title, *(figures[name] for figures in found.values())] for name, title in names.items()]


def main() -> None:
    """The results are measured, written and printed."""
    result = burst.run()
    write("burst", result, page(result))
    print(page(result))


if __name__ == "__main__":
    main()
