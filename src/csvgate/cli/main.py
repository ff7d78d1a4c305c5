"""The command `csvgate`: knows its commands by name, loads the one that is called, and answers for the exit code."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from importlib import import_module

import click

from csvgate.allocation import collect_seldom
from csvgate.cli.exits import INTERRUPTED, NOBODY_READS, SYSTEM_FAILED, WRONG_USAGE
from csvgate.errors import CsvgateError, TransientError, UsageError
from csvgate.report.escape import escaped

# command -> the module that holds it, and what it does: help and completion must not load every module.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Files": {
        "inspect": ("files", "Inspect CSV files: what they are, and what is wrong where."),
        "sniff": ("sniff", "Show how a CSV file is written."),
        "clean": ("clean", "Write what was understood as canonical CSV."),
        "verify": ("verify", "Count a file again, and compare it with its receipt."),
        "check": ("check", "Judge a CSV file by a contract."),
        "contract": ("contract", "Write a contract from a file."),
        "explain": ("explain", "Explain a finding, and what the sender should do."),
    },
    "Local stack": {
        "demo": ("demo", "Do the main job once, from nothing to four receipts."),
        "up": ("stack", "Start an embedded AWS with the pipeline in it, and the upload service over it."),
        "down": ("stack", "Stop the local stack of this directory."),
        "status": ("stack", "Say which stack is meant, and whether it runs."),
    },
    "Deliveries": {
        "put": ("put", "Upload files; with --wait, print their receipts."),
        "ls": ("deliveries", "List deliveries, newest first."),
        "show": ("deliveries", "Show the receipt of an object or a delivery."),
        "logs": ("logs", "Show what the functions logged."),
        "redrive": ("redrive", "Put failed messages back."),
        "undo": ("undo", "Take a delivery's rows back out of their sink."),
        "reload": ("reload", "Load a delivery's rows once more."),
        "erase": ("erase", "Remove a delivery everywhere, for good."),
        "reconcile": ("reconcile", "Compare the bucket and the sinks with the catalog."),
    },
    "Services": {
        "web": ("web", "Run the upload service and its pages."),
        "token": ("token", "Make and revoke the tokens of the upload service."),
        "worker": ("worker", "Work the stages outside of Lambda."),
    },
    "Database": {
        "migrate": ("migrate", "Bring the database to this version."),
    },
    "Shell": {
        "completion": ("completion", "Print the script that completes commands in your shell."),
    },
}
COMMANDS = {name: command for section in SECTIONS.values() for name, command in section.items()}


class Commands(click.Group):
    """Loads a command when it is called, and turns what goes wrong into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name; its module is loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"csvgate.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; of one that there is not, the names that look like it are told."""
        near = [] if args[0] in COMMANDS else get_close_matches(args[0], COMMANDS, n=2)
        if near:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {' or '.join(near)}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands by section, from the table alone."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, what) for name, (_, what) in commands.items()], col_spacing=4)

    def invoke(self, ctx: click.Context) -> object:
        """The command has run, or its failure is a line on standard error and an exit code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # Python would complain once more when it flushes standard output at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(NOBODY_READS)
        except (CsvgateError, OSError) as exc:
            raise failure(exc) from exc


class Misused(click.ClickException):
    """What was asked for cannot be done."""

    exit_code = WRONG_USAGE


class Failed(click.ClickException):
    """It could be done, but not now or not here."""

    exit_code = SYSTEM_FAILED


def failure(exc: CsvgateError | OSError) -> click.ClickException:
    """The error as click shows it: what happened, and what to do about it."""
    # What is wrong with a contract or with feeds takes several lines; none that somebody else wrote looks like ours.
    message = "\n  ".join(map(escaped, str(exc).split("\n"))) or type(exc).__name__
    if isinstance(exc, UsageError):
        return Misused(message)
    return Failed(f"{message} (this may pass: try again)" if isinstance(exc, TransientError) else message)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="csvgate", message="csvgate %(version)s")
def csvgate() -> None:
    """The gate that CSV files pass: for every file a receipt that can be trusted.

    Exit code: 0 done, 1 a file was rejected or something differs, 2 wrong usage, 3 the system failed.
    """


def main() -> None:
    """Run the command line of this process, and leave with its exit code."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    collect_seldom()
    try:
        csvgate()
    except Exception as exc:  # the last door: a person gets a sentence, not a traceback
        from csvgate import settings

        if settings.environment().get("CSVGATE_DEBUG") == "1":
            raise
        click.echo(f"Error: csvgate itself failed, with {type(exc).__name__}: {escaped(str(exc))}", err=True)
        click.echo("Set CSVGATE_DEBUG=1 to see where, and please report it.", err=True)
        sys.exit(SYSTEM_FAILED)
