"""csvgate demo: nothing in; four receipts out, and rows, from a stack that is made for them and gone afterwards."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from csvgate import settings, wiring
from csvgate.cli.console import note, on_terminal, print_brief, print_json, print_table, steps
from csvgate.cli.ending import stopped_afterwards
from csvgate.cli.invocation import command
from csvgate.cli.put import in_order, receipts_of, uploaded
from csvgate.cli.session import Session, opened
from csvgate.errors import PermanentError
from csvgate.local import stack
from csvgate.local.configuration import Configuration, gather
from csvgate.report.words import Receipt, count
from csvgate.variables import DATA_DIR

if TYPE_CHECKING:
    from csvgate.postgres.answer import Answer

SAMPLES = ("orders.csv", "kunden.csv", "sensors.csv", "report.csv")
FEEDS = "feeds.yaml"
# Of the file with decimal commas, in Windows-1252: in the table, numbers are numbers.
QUESTION = "SELECT name, plz, ort, umsatz FROM csvgate_data.kunden LIMIT 3"
PSQL = f'psql "$DATABASE_URL" \\\n  -c "{QUESTION}"\n'
PATIENCE_SECONDS = 60.0

_PACKAGE = Path(__file__).parents[1]
_IN_WHEEL, _IN_CHECKOUT = _PACKAGE / "samples", _PACKAGE.parents[1] / "samples"


@dataclass(frozen=True, kw_only=True, slots=True)
class Performance:
    """What came of the samples, in their order, and what a database says of their rows, if there was one."""

    receipts: Sequence[Receipt]
    answer: Answer | None = None


@click.command()
@click.option("--postgres", is_flag=True, help="Also load the rows into an embedded PostgreSQL, and show some.")
@click.option("--json", "as_json", is_flag=True, help="Print the four receipts as a JSON array.")
def demo(*, postgres: bool, as_json: bool) -> None:
    """Do the main job once, from nothing to four receipts.

    It starts an embedded AWS, deploys the pipeline into it, uploads four sample files, waits for their receipts,
    and leaves nothing behind.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="csvgate-demo-") as directory:
        seen = performed(Path(directory), gather(sample(FEEDS)) if postgres else None)
    if as_json:
        print_json(seen.receipts)
        return
    for receipt in seen.receipts:
        print_brief(receipt)
    if seen.answer:
        print_answer(seen.answer)
    click.echo(closing(seen.receipts, time.monotonic() - begun, with_rows=postgres))


def performed(directory: Path, feeds: Configuration | None) -> Performance:
    """The samples have been through the pipeline, with feeds into a database; nothing of the stack runs any more."""
    data_dir = directory / DATA_DIR
    with stopped_afterwards(lambda: stack.down(data_dir)):
        with steps("starting an embedded AWS") as say:
            facts = stack.up(data_dir, port=0, progress=say, postgres=feeds is not None, feeds=feeds)
        note(f"the pipeline runs in an embedded AWS at {facts.endpoint_url}")
        session = opened(settings.load({}, directory))
        receipts = delivered(session)
        answer = wiring.ask(facts.database_url, QUESTION) if facts.database_url else None
    note("the embedded AWS is stopped")
    return Performance(receipts=receipts, answer=answer)


def delivered(session: Session) -> list[Receipt]:
    """The samples are put into the bucket, and their receipts come out of the catalog."""
    since = session.ports.clock()
    arrivals = [uploaded(session, str(sample(name)), name) for name in SAMPLES]
    note(f"{count(len(arrivals), 'file')} are in s3://{session.bucket}")
    receipts = list(receipts_of(session, arrivals, since=since, timeout=PATIENCE_SECONDS))
    failed = [receipt["filename"] for receipt in receipts if receipt["state"] == "failed"]
    if failed:
        problem = f"the pipeline failed on {', '.join(failed)}"
        raise PermanentError(problem)
    return in_order(receipts, arrivals)


def print_answer(answer: Answer) -> None:
    """The question as one would type it, and some of the rows."""
    if on_terminal():
        click.echo(PSQL)
    print_table(answer.rows, answer.columns)
    click.echo()


def sample(name: str) -> Path:
    """Where the sample lies: in the wheel, or in the checkout."""
    return (_IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT) / name


def closing(receipts: Sequence[Receipt], seconds: float, *, with_rows: bool = False) -> str:
    """What was seen, and where to go from here; `with_rows`: a database was there, too."""
    judged = [receipt["verdict"] for receipt in receipts]
    verdicts = f"{judged.count('ok')} ok, {judged.count('warning')} with a warning, {judged.count('rejected')} rejected"
    seen = f"{count(len(receipts), 'file')} in {seconds:.1f} s: {verdicts}. Nothing is left running."
    return seen + (hints(with_rows=with_rows) if on_terminal() else "")


def hints(*, with_rows: bool = False) -> str:
    """Commands that can be typed as they stand, and what they do."""
    near = Path("samples", "sensors.csv")
    folder = near.parent if near.is_file() else sample(near.name).parent
    wanted = NEXT if with_rows else NEXT | UP
    typed = {f"{command()} {arguments.format(samples=folder)}": what for arguments, what in wanted.items()}
    width = max(map(len, typed))
    told = "\n\nNext:\n" + "\n".join(f"  {line:<{width}}   {what}" for line, what in typed.items())
    return told + (ROWS.format(csvgate=command(), samples=folder) if with_rows else "")


NEXT = {
    "inspect {samples}/sensors.csv": "the whole receipt, no server",
    "explain extra-cell": "what a finding means",
}
UP = {"up": "this stack, for your own files"}
ROWS = f"""

This stack, for your own files and their rows:
  {{csvgate}} up --detach --postgres --feeds {{samples}}/{FEEDS}
  {{csvgate}} put {{samples}}/kunden.csv --wait
  export DATABASE_URL=$({{csvgate}} status | sed -n 's/^database\\t//p')
  {PSQL.replace(chr(10), chr(10) + "  ").rstrip()}"""
