"""A token opens what its scopes say, as long as it counts, and nothing that is kept of it opens anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from csvgate.web.access import SCOPES, mint, parts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = frozenset(SCOPES)


def test_a_token_is_known_by_its_secret_and_by_nothing_that_is_kept() -> None:
    text, kept = mint(name="t", scopes=frozenset({"read"}))
    named = parts(text)
    assert named
    assert (named[0], kept.is_valid(named[1], NOW)) == (kept.token_id, True)
    assert not kept.is_valid(kept.digest, NOW)
    assert named[1] not in repr(kept)


def test_it_allows_what_it_was_made_for() -> None:
    _, kept = mint(name="t", scopes=frozenset({"read"}))
    assert (kept.allows("read"), kept.allows("upload"), kept.allows("operate")) == (True, False, False)


def test_it_counts_until_it_expires_or_is_revoked() -> None:
    text, kept = mint(name="t", scopes=ALL, expires_at=NOW)
    secret = (parts(text) or ("", ""))[1]
    assert kept.is_valid(secret, NOW - timedelta(seconds=1))
    assert not kept.is_valid(secret, NOW)
    assert not kept.revocation().is_valid(secret, NOW - timedelta(seconds=1))


def test_a_tenant_sees_its_own_folder_and_none_that_begins_alike() -> None:
    _, kept = mint(name="t", scopes=ALL, tenant="acme")
    assert [kept.sees(key) for key in ("acme/a.csv", "acme2/a.csv", "a.csv")] == [True, False, False]


@pytest.mark.parametrize("tenant", ["../x", "a/b", "A", "a b", "-a", "a" * 64])
def test_a_tenant_has_a_plain_name(tenant: str) -> None:
    with pytest.raises(ValueError, match="cannot be a tenant"):
        mint(name="t", scopes=ALL, tenant=tenant)


@pytest.mark.parametrize("text", ["", "csvgate_", "csvgate_0123456789abcdef_short", "x" * 5000])
def test_what_is_no_token_is_told_apart_without_asking_anybody(text: str) -> None:
    assert parts(text) is None
