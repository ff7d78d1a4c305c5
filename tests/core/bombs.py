"""The name of a hostile file in; what its inspection says, and what it cost this process, as JSON out.

    python -m tests.core.bombs NAME

Run as a process of its own, since memory is never given back. The files are made piece by piece, and are not held.
"""

from __future__ import annotations

import json
import resource
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from csvgate.core.inspection import inspect
from csvgate.core.reading import Source

PIECE = 65_536


def bomb(piece: bytes, times: int, *, head: bytes = b"", tail: bytes = b"") -> Source:
    """A source of a piece so many times, between a head and a tail."""

    def pieces() -> Iterator[bytes]:
        yield head
        at_once = max(1, PIECE // len(piece))
        for left in range(times, 0, -at_once):
            yield piece * min(at_once, left)
        yield tail

    return pieces


def packed(source: Source) -> Source:
    """The same, as a gzip file."""

    def pieces() -> Iterator[bytes]:
        packer = zlib.compressobj(wbits=31)
        yield from map(packer.compress, source())
        yield packer.flush()

    return pieces


BOMBS: dict[str, Source] = {
    "4 MB of commas": bomb(b",", 4_000_000),
    "a field of 12 MB": bomb(b"x", 12_000_000, head=b"a,b\n1,", tail=b"\n2,y\n"),
    "a quoted field of 12 MB": bomb(b"x", 12_000_000, head=b'a,b\n1,"', tail=b'"\n2,y\n'),
    "a field of 31 MB with an emoji": bomb(b"x", 31_000_000, head="a,b\n1,\N{GRINNING FACE}".encode(), tail=b"\n2,y\n"),
    "a quoted field of 31 MB": bomb(b'x""', 10_000_000, head=b'a,b\n1,"', tail=b'"\n2,y\n'),
    "a field of 15 million lines": bomb(b"x\n", 15_000_000, head=b'a,b\n1,"', tail=b'"\n2,y\n'),
    "a field of 31 MB with bytes that are not valid": bomb(b"abcdefg\xff", 3_900_000, head=b"a,b\n1,", tail=b"\n2,y\n"),
    "fields of 8 MB": bomb("1,\N{GRINNING FACE}".encode() + b"x" * 8_000_000 + b"\n", 6, head=b"a,b\n"),
    "fields of quotes": bomb(b'1,"' + b'""' * 450_000 + b'"\n', 34, head=b"a,b\n"),
    "a name of 31 MB": bomb(b"x", 31_000_000, head="a,\N{GRINNING FACE}".encode(), tail=b"\n2,y\n"),
    "records of two empty cells": bomb(b",\n", 16_000_000, head=b"a,b\n1,2\n"),
    "200,000 columns": bomb(b"1," * 199_999 + b"1\n", 5, head=b"name," * 199_999 + b"last\n"),
    "a header a million times": bomb(b"ab,cd\n", 1_000_000),
    "comments as in HTML": bomb(b"<!---->", 60, tail=b"a,b\n1,2\n"),
    "3 million blank lines": bomb(b"\n", 3_000_000, head=b"a,b\n1,2\n", tail=b"3,4\n"),
    "3 million blank values": bomb(b"\n", 3_000_000, head=b"a\n1\n", tail=b"3\n"),
    "a million lines of two bytes": bomb(b"1\n", 1_000_000, head=b"a\n"),
    "a long line below a quote": bomb(b"x;|^~", 12_000, head=b'a,b\n1,x"y\n', tail=b",\n"),
    "nested quotes": bomb(b'"a""b"" c""",', 500_000, head=b"a,b\n", tail=b"\n"),
    "quotes that never close": bomb(b'"x\n"y', 200_000, head=b"a,b\n"),
    "a gzip bomb of blank lines": packed(bomb(b"\n", 400_000_000, head=b"a,b\n1,2\n")),
    "a gzip bomb of ragged records": packed(bomb(b"1,2\n1\n", 40_000_000, head=b"a,b\n")),
    "a gzip bomb of letters": packed(bomb(b"x", 400_000_000, head=b"a,b\n1,")),
    "a gzip bomb of commas": packed(bomb(b",", 400_000_000, head=b"a,b\n")),
}


def most_megabytes() -> float:
    """The most memory that this process ever held; `ru_maxrss` also knows what its parent held when it was forked."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main(name: str) -> None:
    """The bomb went off."""
    found = inspect(BOMBS[name])
    used = resource.getrusage(resource.RUSAGE_SELF)
    facts = {
        "verdict": found.verdict,
        "row_count": found.row_count,
        "codes": [finding.code for finding in found.findings],
        "megabytes": most_megabytes(),
        "cpu_seconds": used.ru_utime + used.ru_stime,
    }
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    main(sys.argv[1])
