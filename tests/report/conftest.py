"""Receipts as data."""

from __future__ import annotations

import pytest

from tests.receipts import Receipts, receipt_of


@pytest.fixture
def receipt() -> Receipts:
    """Makes the receipt of a clean file, but for the parts given."""
    return receipt_of
