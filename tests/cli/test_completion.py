"""csvgate completion says how it is installed."""

from __future__ import annotations

from click.testing import CliRunner

from csvgate.cli.main import csvgate


def test_the_help_shows_one_line_per_shell(shell: CliRunner) -> None:
    """As they are typed, and no escape of ours among them."""
    told = shell.invoke(csvgate, ["completion", "--help"]).stdout
    assert "\\b" not in told
    assert "  fish   csvgate completion fish > ~/.config/fish/completions/csvgate.fish\n" in told
