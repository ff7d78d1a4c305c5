"""csvgate completion: the name of a shell in; the script out that completes commands, options and codes there."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from csvgate.cli.main import csvgate

COMPLETERS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


# The backspace tells click to leave the lines of a paragraph as they are.
HELP = """Print the script that completes commands in your shell.

\b
bash   echo 'eval "$(csvgate completion bash)"' >> ~/.bashrc
zsh    echo 'eval "$(csvgate completion zsh)"' >> ~/.zshrc
fish   csvgate completion fish > ~/.config/fish/completions/csvgate.fish
"""


@click.command(help=HELP)
@click.argument("shell", type=click.Choice(list(COMPLETERS)))
def completion(shell: str) -> None:
    """The script is on standard output."""
    click.echo(COMPLETERS[shell](csvgate, {}, "csvgate", "_CSVGATE_COMPLETE").source())
