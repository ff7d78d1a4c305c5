"""A named file in; its inspection out, or one line on standard error and the exit code of a rejected file."""

from __future__ import annotations

import click
from click.exceptions import Exit

from csvgate.cli.exits import REJECTED
from csvgate.cli.sources import NamedSource, watched
from csvgate.core.inspection import Inspection, inspect
from csvgate.report.escape import escaped
from csvgate.side_by_side import company


def readable(named: NamedSource) -> Inspection:
    """The inspection of a file that may be used; no other comes back."""
    with watched(named) as source:
        found = inspect(source, company=company)
    if found.verdict == "rejected":
        click.echo(escaped(f"{named.filename} was rejected: {found.findings[0].message}"), err=True)
        raise Exit(REJECTED)
    return found
