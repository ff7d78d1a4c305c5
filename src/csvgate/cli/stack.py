"""csvgate up, down and status: a directory in; the local stack in it running, stopped, or described, out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Unpack, get_args

import click
from click.exceptions import Exit

from csvgate import settings
from csvgate.cli.console import on_terminal, print_facts, print_json, print_lines, steps, terminal
from csvgate.cli.deliveries import rows
from csvgate.cli.ending import stopped_afterwards
from csvgate.cli.exits import SYSTEM_FAILED
from csvgate.cli.following import is_over
from csvgate.cli.invocation import command
from csvgate.cli.recovery import recover
from csvgate.cli.session import Session, opened
from csvgate.core.contracts.feed import Feed, Feeds
from csvgate.delivery import Delivery
from csvgate.delivery_json import facts as delivery_facts
from csvgate.local import stack
from csvgate.local.configuration import Configuration, gather
from csvgate.local.deployment import BUCKET
from csvgate.local.emulator import Emulator
from csvgate.local.facts import StackFacts, Trigger
from csvgate.report.escape import escaped, to_json

SECRET_CHANNELS = frozenset({"webhook", "slack", "mail"})
WATCH_SECONDS = 0.5
WATCHED = 200

DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the stack keeps its state.  [default: .csvgate]",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def feeds_meant(file: Path | None) -> Configuration | str | None:
    """Those of the option, else those that CSVGATE_FEEDS names; None for those that the stack has."""
    named = str(file) if file else settings.environment().get("CSVGATE_FEEDS", "")
    if not named or named.startswith("s3://"):
        return named or None
    return gather(Path(named))


@click.command()
@click.option("--detach", is_flag=True, help="Return when it runs; csvgate down stops it.")
@DATA_DIR
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port of the embedded AWS.  [default: 4566, or any that is free]"
)
@click.option("--endpoint-url", help="Use an emulator on this machine that runs already, such as LocalStack.")
@click.option(
    "--trigger",
    type=click.Choice(get_args(Trigger)),
    help="Whom the bucket tells of a file.  [default: as before, or queue]",
)
@click.option("--bucket", help=f"The bucket in which files arrive.  [default: as before, or {BUCKET}]")
@click.option(
    "--functions/--no-functions",
    default=None,
    help="Deploy the two functions, or leave their work to csvgate worker.  [default: as before, or functions]",
)
@click.option("--postgres", is_flag=True, help="Load rows into an embedded PostgreSQL.  [default: as before]")
@click.option(
    "--feeds",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=lambda _context, _option, file: feeds_meant(file),
    help="The file that says which rows, and by which contracts.  [default: CSVGATE_FEEDS, as before, or all rows]",
)
@click.option("--web/--no-web", default=True, show_default=True, help="Run the upload service and its pages.")
@click.option(
    "--web-port",
    type=click.IntRange(0, 65535),
    help="Port of the upload service.  [default: as before, or 8080, or any that is free]",
)
@AS_JSON
def up(*, detach: bool, data_dir: Path | None, as_json: bool, **wish: Unpack[stack.Wish]) -> None:
    """Start an embedded AWS with the pipeline in it, and the upload service over it.

    In the foreground, deliveries are shown as they come in, until Ctrl-C stops the stack.
    A stack that runs is kept as it is, but for its feeds: those that are given now take the place of the others,
    also where the file has only changed. To change other options, stop it first.
    """
    directory = data_dir or default_data_dir()
    was_running = stack.status(directory).is_running
    leave_it = detach or was_running
    wish["web_port"] = web_port(wish)
    with stopped_afterwards(lambda: None if leave_it else stack.down(directory)):
        with steps("starting") as say:
            facts = stack.up(directory, progress=say, **wish)
        session = opened(meant(facts, directory))
        recover(session, directory)
        tell_up(facts, directory, session.ports.feeds, as_json=as_json)
        if not detach:
            with suppress(KeyboardInterrupt):
                watch(session, as_json=as_json)


def web_port(wish: stack.Wish) -> int | None:
    """Whoever wants any free port for AWS wants any for the service, too."""
    return 0 if wish["web_port"] is None and wish["port"] == 0 else wish["web_port"]


@click.command()
@DATA_DIR
@AS_JSON
def down(*, data_dir: Path | None, as_json: bool) -> None:
    """Stop the local stack of this directory.

    What arrived and what became of it stays on disk; csvgate up finds it again.
    """
    directory = data_dir or default_data_dir()
    known = stack.status(directory).facts
    with steps("stopping"):
        stopped = stack.down(directory)
    if as_json:
        print_json({"stopped": stopped is not None})
    else:
        print_lines([(tell_down(stopped, known),)])


def tell_down(stopped: Emulator | None, known: StackFacts | None) -> str:
    """What was stopped, or why nothing was."""
    if stopped:
        return f"stopped the stack at {stopped.endpoint_url}"
    if known and known.emulator:
        return f"the stack at {known.endpoint_url} had ended already"
    if known:
        return f"forgot the stack at {known.endpoint_url}; that emulator is not ours, and was left as it is"
    return "no stack of ours was running"


@click.command()
@DATA_DIR
@AS_JSON
def status(*, data_dir: Path | None, as_json: bool) -> None:
    """Say which stack is meant, and whether it runs.

    Exit code 3 says that it does not run.
    """
    directory = data_dir or default_data_dir()
    known = stack.status(directory)
    if as_json:
        print_json({"is_running": known.is_running, **(asdict(known.facts) if known.facts else {})})
    else:
        tell_status(known, directory)
    if not known.is_running:
        raise Exit(SYSTEM_FAILED)


def tell_status(known: stack.Status, directory: Path) -> None:
    """Where the stack is, or how there can be one."""
    facts = known.facts or known.stopped
    other = meant_instead(settings.environment(), facts.endpoint_url if facts else "")
    if other or facts is None:
        print_lines([(other or "there is no local stack in this directory; csvgate up starts one",)])
    if facts is None:
        return
    print_facts([("running", "yes" if known.is_running else resting(known)), *told(facts)])
    if known.is_running:
        tell_use(facts, directory)


def meant_instead(known: Mapping[str, str], endpoint_url: str) -> str:
    """Whom the other commands ask, where that is not the stack of this directory; '' where it is."""
    where = known.get("AWS_ENDPOINT_URL", "")
    if known.get("CSVGATE_TARGET") == "aws":
        return f"commands ask {escaped(where) or 'AWS'}, and no stack of this directory: CSVGATE_TARGET is aws"
    if where in {"", endpoint_url}:
        return ""
    return f"commands ask {escaped(where)}, and no stack of this directory: AWS_ENDPOINT_URL says so"


def resting(known: stack.Status) -> str:
    """Why the stack does not run, and what brings it back."""
    if known.facts and not known.facts.emulator:
        return "no; that emulator is not ours: start it again, or forget it with csvgate down"
    return f"no; {'it was stopped, and ' if known.stopped else ''}csvgate up starts it again"


def meant(facts: StackFacts, directory: Path) -> settings.Settings:
    """The settings of exactly this stack, whatever else the environment means."""
    names = {"CSVGATE_TARGET": "local", "AWS_ENDPOINT_URL": facts.endpoint_url, "S3_BUCKET_NAME": facts.bucket}
    names |= {"CSVGATE_FEEDS": facts.feeds or "", "CSVGATE_DATA_DIR": str(directory.resolve())}
    return settings.load(names)


def default_data_dir() -> Path:
    """Where the local stack of this directory keeps its state."""
    return settings.data_dir(settings.environment())


def tell_up(facts: StackFacts, directory: Path, feeds: Feeds, *, as_json: bool) -> None:
    """Where the stack is, which feeds it has, and how to use it with csvgate and with AWS's own tools."""
    if as_json:
        click.echo(to_json(asdict(facts)))
        return
    print_facts([*told(facts), *((f"feed {feed.name}", keys_of(feed)) for feed in feeds.feeds)])
    if silent := unspoken(feeds):
        problem = f"the functions of a stack cannot tell by {', '.join(silent)}, which feeds name"
        click.echo(f"{problem}: run csvgate worker record beside it, with the settings of these", err=True)
    tell_use(facts, directory)


def unspoken(feeds: Feeds) -> list[str]:
    """The channels that some feed names and no function has: functions get no secrets."""
    named = {channel.partition(":")[0] for feed in feeds.feeds for channel in feed.notify or ()}
    return sorted(named & SECRET_CHANNELS)


def keys_of(feed: Feed) -> str:
    """Which keys belong to the feed, and where their rows go."""
    return f"{feed.key} → {feed.sink} {feed.table or feed.name}" if feed.sink != "none" else feed.key


def tell_use(facts: StackFacts, directory: Path) -> None:
    """How a person at a terminal goes on."""
    if on_terminal():
        place = {"endpoint": facts.endpoint_url, "bucket": facts.bucket, "region": facts.region}
        if facts.web_url:
            click.echo(f"\nDrop files on a page: {facts.web_url}\n  sign in with the token in {facts.token_file}")
        click.echo(USE.format(csvgate=command(), **place))
        if facts.database_url:
            click.echo(f'And look at the rows:\n  psql "{facts.database_url}"\n')
        if directory.resolve() != default_data_dir().resolve():
            click.echo(f"Other commands find this stack with CSVGATE_DATA_DIR={escaped(str(directory))}\n")


USE = """
Put a file in, with csvgate or with any AWS tool:
  {csvgate} put FILE --wait

  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION={region}
  aws --endpoint-url {endpoint} s3 cp FILE s3://{bucket}/
"""


def told(facts: StackFacts) -> Sequence[tuple[str, object]]:
    """What one needs to know of a stack."""
    named: list[tuple[str, object]] = [("endpoint", facts.endpoint_url), ("bucket", f"s3://{facts.bucket}")]
    named += [("functions", f"{facts.inspect_function}, {facts.record_function}")] if facts.inspect_function else []
    named += [("tables", f"{facts.metadata_table}, {facts.deliveries_table}")]
    named += [("page", facts.web_url), ("token", facts.token_file)] if facts.web_url else []
    named += [("database", facts.database_url)] if facts.database_url else []
    named += [("feeds", facts.feeds)] if facts.feeds else []
    return [*named, ("log", facts.emulator.log)] if facts.emulator else named


def watch(session: Session, *, as_json: bool) -> None:
    """Deliveries are told as they end, for ever."""
    if on_terminal() and not as_json:
        from csvgate.cli.listing import delivery_line

        click.secho("Deliveries show here as they come in (times are UTC). Ctrl-C stops the stack.\n", dim=True)
        console = terminal()
        for delivery in arriving(session):
            console.print(delivery_line(delivery, own=session.bucket), soft_wrap=True)
    elif as_json:
        for delivery in arriving(session):
            click.echo(to_json(delivery_facts(delivery), indent=None))
    else:
        for delivery in arriving(session):
            print_lines(rows([delivery], own=session.bucket))


def arriving(session: Session, sleep: Callable[[float], None] = time.sleep) -> Iterator[Delivery]:
    """Every delivery that ends from now on, once, for ever."""
    seen = {delivery.delivery_id for delivery in newest_ended(session)}
    while True:
        fresh = [delivery for delivery in newest_ended(session) if delivery.delivery_id not in seen]
        yield from reversed(fresh)
        seen.update(delivery.delivery_id for delivery in fresh)
        sleep(WATCH_SECONDS)


def newest_ended(session: Session) -> list[Delivery]:
    """The newest deliveries to which nothing more happens."""
    return [delivery for delivery in islice(session.ports.view.newest(), WATCHED) if is_over(delivery)]
