"""A bucket that AWS would refuse is not made here either."""

from __future__ import annotations

import pytest

from csvgate.local.bucket_name import objection


@pytest.mark.parametrize("name", ["abc", "test-bucket", "a.b-c.9", "0" * 63])
def test_what_s3_takes_is_taken(name: str) -> None:
    """Three to 63 characters."""
    assert objection(name) is None


@pytest.mark.parametrize(
    "name", ["", "ab", "0" * 64, "Bad_Name", "-ab", "ab-", "a..b", "192.168.5.4", "xn--a", "abc--x-s3", "bücket"]
)
def test_what_s3_refuses_is_refused_with_its_rule(name: str) -> None:
    """As the user guide has them."""
    assert objection(name)
