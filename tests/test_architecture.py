"""What import-linter and ruff cannot say about the house; the drawing is in docs/architecture.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra import clone

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "csvgate"
MODULES = sorted(SOURCE.rglob("*.py"))
FILE_LINES, FUNCTION_LINES, FUNCTION_MEDIAN = 300, 30, 10
# Folders of tests that stand for no module of csvgate: what measures it, the pages, peers, the stack, faults,
# templates, ports, threats.
SUITES = ("benchmarks", "browser", "differential", "e2e", "faults", "infra", "ports", "security")
# Tests of the whole: the repository, golden files, what holds of any file, what none may cost, the promise.
OF_THE_WHOLE = {
    "test_architecture.py",
    "test_docs.py",
    "test_golden.py",
    "test_laws.py",
    "test_limits.py",
    "test_promise.py",
}


def tree(module: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(module.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """A path as people say it: relative to the checkout."""
    return path.relative_to(ROOT).as_posix()


def functions() -> Iterator[tuple[str, int]]:
    """Each function's name and its lines without the docstring."""
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                yield f"{name(module)}:{node.name}", (body[-1].end_lineno or 0) - body[0].lineno + 1


def users_of(pattern: str) -> set[str]:
    """The modules whose code holds the pattern."""
    return {module.relative_to(SOURCE).as_posix() for module in MODULES if re.search(pattern, module.read_text())}


def tracked() -> list[Path]:
    """All text files that git knows, but for the lock files and the licence."""
    paths = [ROOT / entry for entry in clone.names() if not entry.endswith((".lock", "LICENSE"))]
    return [path for path in paths if path.is_file()]


def has_module(test: Path) -> bool:
    """Where the test is, relative to the tests, there is its module, relative to the source."""
    subject = test.stem.removeprefix("test_")
    return any(path.stem.strip("_").startswith(subject) for path in (SOURCE / test.parent).iterdir())


def test_files_are_short() -> None:
    """A file that grows past the limit holds two things."""
    lengths = {name(module): len(module.read_text().splitlines()) for module in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_functions_are_short() -> None:
    """A function is read at a glance."""
    assert {function: lines for function, lines in functions() if lines > FUNCTION_LINES} == {}


def test_most_functions_are_very_short() -> None:
    """Half of all have ten lines at most."""
    lengths = sorted(lines for _, lines in functions())
    assert lengths[len(lengths) // 2] <= FUNCTION_MEDIAN


def test_the_environment_is_read_in_one_place() -> None:
    """Also where ruff's ban is lifted for another reason."""
    assert users_of(r"\bos\.(environ|getenv)\b|import environ") <= {"settings.py"}


def test_the_clock_is_made_in_one_place() -> None:
    """Everything else gets the time as a value or as a function."""
    assert users_of(r"datetime\.(now|utcnow|today)\(") <= {"wiring/clock.py"}


def test_the_standard_sniffer_is_used_nowhere() -> None:
    """It takes more than twenty seconds on 64 KB of quotes and commas."""
    assert users_of(r"csv\.Sniffer\(|import Sniffer") == set()


def test_the_core_opens_no_file() -> None:
    """`open` needs no import, so import-linter cannot see it."""
    calls = [
        name(module)
        for module in MODULES
        if module.parent.name == "core"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "print", "input"}
    ]
    assert calls == []


def test_broad_excepts_stand_in_the_two_outermost_loops_only() -> None:
    """A batch and a command answer for everything; everywhere else an error is named where it is caught."""
    broad = {
        name(module)
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception")
    }
    assert broad <= {"src/csvgate/stages/call.py", "src/csvgate/cli/main.py"}


@pytest.mark.parametrize("word", ["utils", "util", "helpers", "common", "misc", "manager", "base"])
def test_no_module_has_a_name_that_says_nothing(word: str) -> None:
    """One noun per module, so that a reader guesses the file."""
    assert [name(module) for module in MODULES if word in module.stem.split("_")] == []


def test_every_room_has_its_row() -> None:
    """Whoever reads the drawing misses no module of the first floor, and no package."""
    rows = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)(?:\.[a-z_]+)*`", rows))
    rooms = {path.stem for path in SOURCE.iterdir() if not path.stem.startswith("_") and path.suffix in {"", ".py"}}
    assert rooms - named == set()


def test_the_tests_mirror_the_source() -> None:
    """Who looks for the tests of a module finds them where the module is."""
    folder = ROOT / "tests"
    tests = [test for test in folder.rglob("test_*.py") if not set(test.relative_to(folder).parts) & set(SUITES)]
    stray = [name(test) for test in tests if test.name not in OF_THE_WHOLE and not has_module(test.relative_to(folder))]
    assert stray == []


@pytest.mark.clone
def test_nothing_names_a_machine_or_an_index() -> None:
    """What is committed works on every machine."""
    place = re.compile(r"(?<![\w.{}$*-])/(?:wor[k]|roo[t]|home/\w+|far[m])/|pythonhoste[d]|pyp[i]\.org|npmj[s]\.")
    named = [name(path) for path in tracked() if place.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert named == []
