"""csvgate web: an address in; the upload service and its pages there until a signal says stop, out."""

from __future__ import annotations

import click

from csvgate import settings, wiring
from csvgate.cli.session import reachable
from csvgate.cli.worker import address

LISTEN = "127.0.0.1:8080"


@click.command()
@click.option(
    "--listen",
    default=LISTEN,
    show_default=True,
    metavar="HOST:PORT",
    help="Where the service answers; port 0 is any that is free.",
)
def web(*, listen: str) -> None:
    """Run the upload service and its pages.

    SIGTERM and Ctrl-C stop it within 20 seconds. The log is one line of JSON per request, on standard output.
    """
    from csvgate.web.opening import application, local_token
    from csvgate.web.serving import serve

    chosen = wiring.prepared(wiring.complete(reachable(settings.load())))
    token = local_token(chosen) if chosen.target == "local" else None

    def ready(where: str) -> None:
        click.echo(f"the service is at {where}; Ctrl-C stops it", err=True)
        if token:
            click.echo(f"sign in with the token in {token}", err=True)

    serve(lambda: application(chosen), address(listen), ready)
