"""csvgate token: who may do what in; a token's text, once, out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from csvgate import settings, wiring
from csvgate.cli.console import print_facts, print_json, print_lines
from csvgate.cli.session import reachable
from csvgate.delivery_json import instant
from csvgate.errors import UsageError

if TYPE_CHECKING:
    from csvgate.web.access import Scope, Token
    from csvgate.web.tokens import Tokens

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def token() -> None:
    """Make and revoke the tokens of the upload service."""


@token.command()
@click.option("--name", required=True, help="Whose token it is, in your words.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(["upload", "read", "operate"]),
    multiple=True,
    default=("upload", "read"),
    show_default=True,
    help="What it allows; may be given several times.",
)
@click.option("--tenant", default="", help="Its holder sees and puts only keys that begin with this and a slash.")
@click.option("--days", type=click.IntRange(1, 3650), help="It expires after so many days.  [default: never]")
@AS_JSON
def create(*, name: str, scopes: Sequence[Scope], tenant: str, days: int | None, as_json: bool) -> None:
    """Make a token. Its text is told once; what is kept of it does not open anything."""
    from csvgate.web.access import mint

    expires_at = wiring.now() + timedelta(days=days) if days else None
    try:
        text, kept = mint(name=name, scopes=frozenset(scopes), tenant=tenant, expires_at=expires_at)
    except ValueError as exc:
        raise UsageError(str(exc)) from exc
    _tokens().keep(kept)
    if as_json:
        print_json({"token": text, **facts(kept)})
    else:
        print_facts([("token", text), *facts(kept).items()])


@token.command("ls")
@AS_JSON
def list_tokens(*, as_json: bool) -> None:
    """List the tokens that were made, also those that no longer count."""
    found = [facts(kept) for kept in _tokens().all()]
    if as_json:
        print_json(found)
    else:
        print_lines([tuple(known.values()) for known in found])


@token.command()
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """Make a token count no longer, anywhere, within seconds."""
    tokens = _tokens()
    kept = tokens.get(token_id)
    if kept is None:
        problem = f"there is no token {token_id!r}; csvgate token ls lists those that there are"
        raise UsageError(problem)
    tokens.keep(kept.revocation())
    print_lines([(f"revoked {token_id}",)])


def facts(kept: Token) -> dict[str, object]:
    """What may be told of a token."""
    return {
        "token_id": kept.token_id,
        "name": kept.name,
        "scopes": " ".join(sorted(kept.scopes)),
        "tenant": kept.tenant.rstrip("/"),
        "expires_at": instant(kept.expires_at) if kept.expires_at else None,
        "revoked": kept.revoked,
    }


def _tokens() -> Tokens:
    from csvgate.web.opening import tokens_of

    return tokens_of(wiring.complete(reachable(settings.load())))
