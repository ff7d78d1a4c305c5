"""Texts in; the cells of a column that holds them, as a sheet would have it, out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csvgate.core.bulk.cells import Cells
from csvgate.core.bulk.words import FRONT, Page


def column(texts: Sequence[str]) -> Cells:
    """The cells stand one behind the other, with a comma between them."""
    encoded = [text.encode() for text in texts]
    sizes = np.array([len(text) for text in encoded], np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes + 1)[:-1])) + FRONT
    extra = sizes - np.array([len(text) for text in texts], np.int64)
    page = Page.of(np.frombuffer(b",".join(encoded), np.uint8))
    return Cells(page=page, starts=starts, sizes=sizes, extra=extra if extra.any() else None)
