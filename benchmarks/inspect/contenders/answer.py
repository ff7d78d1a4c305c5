"""Files named on the command line in; on standard output what a contender says of each, as JSON, out.

An answer holds only what the contender tells: `rows`, `columns`, and by column `nulls` or `null_percentage`,
`distinct` or `distinct_about`, `min`, `max`, `mean`. `seconds` is the time of the work without that of the imports.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


def tell(examine: Callable[[Path], Answer]) -> None:
    """Each file was examined, one after the other; the answers are told."""
    began = time.perf_counter()
    answers = [examine(Path(name)) for name in sys.argv[1:]]
    seconds = time.perf_counter() - began
    json.dump({"seconds": seconds, "answers": answers}, sys.stdout, default=str)
