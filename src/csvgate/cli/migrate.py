"""csvgate migrate: the address of a database in; the same database with the tables of this version out."""

from __future__ import annotations

import click

from csvgate import settings, wiring
from csvgate.cli.console import print_json, print_lines, steps


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def migrate(*, as_json: bool) -> None:
    """Bring the database to this version.

    The database is the one that DATABASE_URL names, with CSVGATE_DATABASE_SECRET where that holds who is let in, or
    that of the local stack. Safe at any time, any number of times, also several at once. A database that is newer than
    this csvgate is refused.
    """
    named = settings.database()
    with steps("migrating"):
        applied = wiring.migrate(named)
    if as_json:
        print_json({"applied": list(applied)})
    else:
        print_lines([(f"applied {name}",) for name in applied] or [("the database is at this version",)])
