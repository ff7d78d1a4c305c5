"""Tokens are kept where every server of a service sees them."""

from __future__ import annotations

from datetime import timedelta

from csvgate.web.access import SCOPES, mint
from csvgate.web.tokens import REMEMBERED, Tokens
from tests.world import World

ALL = frozenset(SCOPES)


def tokens_of(world: World) -> Tokens:
    ports = world.ports()
    return Tokens(ports.objects, ports.results_bucket, ports.clock)


def test_every_server_knows_a_token_that_one_of_them_made() -> None:
    world = World()
    text, kept = mint(name="t", scopes=ALL, tenant="acme", expires_at=world.now + timedelta(days=1))
    tokens_of(world).keep(kept)
    assert tokens_of(world).holder(text) == kept
    assert list(tokens_of(world).all()) == [kept]


def test_a_revoked_token_counts_nowhere_after_a_few_seconds() -> None:
    world = World()
    here, there = tokens_of(world), tokens_of(world)
    text, kept = mint(name="t", scopes=ALL)
    here.keep(kept)
    assert there.holder(text)
    here.keep(kept.revocation())
    assert here.holder(text) is None
    world.tick(REMEMBERED)
    assert there.holder(text) is None


def test_a_token_of_another_service_is_none() -> None:
    text, kept = mint(name="t", scopes=ALL)
    tokens_of(World()).keep(kept)
    assert tokens_of(World()).holder(text) is None
