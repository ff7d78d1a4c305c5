"""csvgate worker: which stages in; their messages worked on until a signal says stop, out."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING, get_args

import click

from csvgate import settings, wiring
from csvgate.cli.session import reachable
from csvgate.errors import UsageError

if TYPE_CHECKING:
    from csvgate.worker.stopping import Stop

LISTEN = "127.0.0.1:9464"
STOPPING = (signal.SIGTERM, signal.SIGINT)


@click.command()
@click.argument("stage", type=click.Choice(["inspect", "record", "all"]))
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=1, show_default=True, help="How many threads each stage has."
)
@click.option(
    "--listen",
    default=LISTEN,
    show_default=True,
    metavar="HOST:PORT",
    help="Where /healthz, /readyz and /metrics are; port 0 is any that is free, - is nowhere.",
)
def worker(*, stage: str, concurrency: int, listen: str) -> None:
    """Work the stages outside of Lambda.

    The messages are those of the queues, and so are the promises. SIGTERM and Ctrl-C stop it within 20 seconds:
    what was begun is finished or given back. The log is one line of JSON per step, on standard output.
    """
    from csvgate.stages.call import Duty
    from csvgate.worker.crew import DUTIES, Crew, figures, gather
    from csvgate.worker.health import listening, pages

    duties: Sequence[Duty] = DUTIES if stage == "all" else [duty for duty in get_args(Duty) if duty == stage]
    crew = Crew(duties=duties, concurrency=concurrency)
    gathered = gather(wiring.prepared(wiring.complete(reachable(settings.load()))), crew)
    _stop_on_signals(crew.stop)
    if listen == "-":
        gathered.run()
        return
    shown = pages(gathered.missing, lambda: figures(gathered, crew.metrics))
    with listening(*address(listen), shown) as where:
        click.echo(f"listening at {where}; Ctrl-C stops the worker", err=True)
        gathered.run()


def address(text: str) -> tuple[str, int]:
    """Host and port; UsageError if it is no address."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        problem = f"{text!r} is no address; write one like {LISTEN}"
        raise UsageError(problem)
    return host.strip("[]"), int(port)


def _stop_on_signals(stop: Stop) -> None:
    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.ask()

    for number in STOPPING:
        signal.signal(number, ask)
