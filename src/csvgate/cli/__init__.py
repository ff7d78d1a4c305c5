"""Arguments in; receipts on standard output, one line of help on standard error and an exit code out."""

from csvgate.cli.main import main

__all__ = ["main"]
