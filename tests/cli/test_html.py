"""csvgate inspect and show: where a page of HTML goes, and what is refused before any work is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.cli.main import csvgate
from csvgate.cli.session import Session

SAMPLES = Path(__file__).parents[2] / "samples"
ORDERS, SENSORS, REPORT = (str(SAMPLES / f"{name}.csv") for name in ("orders", "sensors", "report"))
WRONG_USAGE = 2


def test_the_page_is_written_beside_what_is_printed(shell: CliRunner, tmp_path: Path) -> None:
    """And the exit code is still that of the verdict."""
    page = tmp_path / "report.html"
    ran = shell.invoke(csvgate, ["inspect", REPORT, "--html", str(page)])
    assert (ran.exit_code, "verdict\trejected\t" in ran.stdout) == (1, True)
    assert page.read_text().startswith("<!doctype html>")


def test_a_directory_gets_a_page_for_each_file(shell: CliRunner, tmp_path: Path) -> None:
    """Under its whole name: `a.csv` and `a.csv.gz` are two files."""
    shell.invoke(csvgate, ["inspect", SENSORS, ORDERS, "-", "--html", str(tmp_path)], input="a,b\n1,2\n")
    assert sorted(page.name for page in tmp_path.iterdir()) == ["orders.csv.html", "sensors.csv.html", "stdin.html"]


def test_a_directory_that_is_named_as_one_is_made(shell: CliRunner, tmp_path: Path) -> None:
    """A slash at the end says so; nobody has to make it first."""
    shell.invoke(csvgate, ["inspect", SENSORS, ORDERS, "--html", f"{tmp_path}/pages/"])
    assert sorted(page.name for page in (tmp_path / "pages").iterdir()) == ["orders.csv.html", "sensors.csv.html"]


def test_on_standard_output_there_is_the_page_and_nothing_else(shell: CliRunner) -> None:
    """So that it can be piped into a mail."""
    ran = shell.invoke(csvgate, ["inspect", ORDERS, "--html", "-"])
    assert ran.stdout.startswith("<!doctype html>")
    assert ran.stdout.endswith("</html>\n")


def test_everything_is_in_the_page_that_is_asked_for_all(shell: CliRunner, tmp_path: Path) -> None:
    """`--all` means the page, too."""
    wide = tmp_path / "wide.csv"
    wide.write_text(",".join(f"c{number}" for number in range(1200)) + "\n" + ",".join("1" * 1200) + "\n")
    short, full = (shell.invoke(csvgate, ["inspect", str(wide), "--html", "-", *more]) for more in ((), ("--all",)))
    assert (">c1199<" in short.stdout, ">c1199<" in full.stdout) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([ORDERS, SENSORS, "--html", "page.html"], "each file has a page of its own"),
        ([ORDERS, ORDERS, "--html", "."], "two of the files would have the page"),
        ([ORDERS, "--html", "no-such/page.html"], "there is no directory"),
        ([ORDERS, "--html", "no-such/pages/"], "cannot be made: No such file or directory"),
        ([ORDERS, "--html", ORDERS], "is the file itself"),
        ([ORDERS, "--html", "-", "--json"], "--json prints on standard output"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(shell: CliRunner, arguments: list[str], said: str) -> None:
    ran = shell.invoke(csvgate, ["inspect", *arguments])
    assert (ran.exit_code, ran.stdout) == (WRONG_USAGE, "")
    assert said in ran.stderr


def test_a_delivery_has_a_page(shell: CliRunner, session: Session, tmp_path: Path) -> None:
    """With where it is, and whose receipt proves it."""
    session.upload(Path(ORDERS), "in", "day/orders.csv", lambda _: None)
    shell.invoke(csvgate, ["show", "day/orders.csv", "--html", str(tmp_path)], obj=session)
    page = (tmp_path / "orders.csv.html").read_text()
    assert "s3://in/day/orders.csv" in page
    assert "csvgate show --json" in page


@pytest.mark.parametrize("other", ["--history", "--json"])
def test_a_page_of_a_delivery_is_asked_for_alone(shell: CliRunner, session: Session, other: str) -> None:
    """Nothing that was asked for is left out in silence."""
    ran = shell.invoke(csvgate, ["show", "day/orders.csv", "--html", "-", other], obj=session)
    assert (ran.exit_code, ran.stdout) == (WRONG_USAGE, "")
    assert "--html writes the page of one receipt" in ran.stderr
