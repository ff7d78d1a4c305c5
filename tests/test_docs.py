"""What the documents say is true: their names and tables are the code's, their links lead somewhere.

Their commands are run by `tests/e2e/test_documents.py`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from csvgate.core.columns.shapes import shape_of
from csvgate.core.columns.types import decide
from csvgate.core.dialect import ONLY_WHERE_TRUE
from csvgate.core.examples import EXAMPLES, Example
from csvgate.core.inspection import inspect
from csvgate.core.receipt import ORDER
from csvgate.delivery import State
from csvgate.upkeep.reconciliation import DIFFERENCES
from docs.render import DOCUMENTS, MAKE, ROOT, Fence, fences, prompts
from docs.tables import PLAIN, filled
from tests.examples import found_in

# Who types the blocks of each kind, where one test types all of them.
TYPISTS = {
    "aws-removed": "e2e/test_account_pages.py",
    "aws-database": "e2e/test_account_pages.py",
    "aws-pods": "infra/test_kubernetes_page.py",
    "cluster": "infra/test_kind_page.py",
    "docker": "infra/test_containers.py",
    "docker-feeds": "infra/test_containers.py",
    "emulator": "e2e/test_stack_pages.py",
    "make": "test_docs.py",
    "registry": "infra/test_pushing.py",
    "server": "e2e/test_stack_pages.py",
    "stack": "e2e/test_stack_pages.py",
    "terraform": "infra/test_terraform_page.py",
    "terraform-database": "infra/test_terraform_page.py",
    "terraform-kept": "infra/test_terraform_page.py",
    "webhook": "e2e/test_documents.py",
}
# Who types what an account is needed for, page by page.
OF_AN_ACCOUNT = {
    **dict.fromkeys(("aws.md", "upgrade.md", "watch.md", "backup.md", "postgresql.md"), "e2e/test_account_pages.py"),
    **dict.fromkeys(("run-the-service.md", "run-workers.md"), "e2e/test_account_pages.py"),
    "containers.md": "infra/test_lambda_page.py",
    "kubernetes.md": "infra/test_kubernetes_page.py",
}
# How a line begins that somebody would type.
COMMAND = re.compile(
    r"^(\$|sudo|(\w+=\S* )*(csvgate|aws|make|pip|python3?|docker|kubectl|terraform|curl|source|export)) "
    r"(?!.*\[OPTIONS\])",
    re.MULTILINE,
)
KINDS = {
    **{language: {""} for language in ("console", "text", "json", "yaml", "ini", "hcl", "python")},
    "bash": {"aws", *TYPISTS},
    "sql": {"duckdb", "athena", "postgresql"},
}
# Names in arguments of AWS's own calls, beside those of our templates.
OF_IMPORTS = {"ResourceType", "ResourceIdentifier", "TableName", "ParameterKey", "ParameterValue"}
OF_CALLS = OF_IMPORTS | {"AuthScheme", "IAMAuth", "SecretArn"}
SECTIONS = ("receipt", "state", "dialect", "columns", "types", "findings", "first", "bytes")
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)(?P<path>[^)#]*)(?:#(?P<anchor>[^)]*))?\)")
TEXTS = {path: path.read_text(encoding="utf-8") for path in DOCUMENTS}
FENCES = [(path, fence) for path, text in TEXTS.items() for fence in fences(text)]


def short(path: Path) -> str:
    """A document as people call it."""
    return path.relative_to(ROOT).as_posix()


def of_kind(language: str, need: str) -> list[object]:
    """The fences of that kind, each named by its document."""
    chosen = [(path, fence) for path, fence in FENCES if (fence.language, fence.need) == (language, need)]
    return [pytest.param(fence, id=f"{short(path)}:{fence.start}") for path, fence in chosen]


def recipe(target: str) -> str:
    """What a target of the Makefile runs."""
    found = re.search(rf"^{target}:.*\n\t@?(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return found[1].replace("$(BIN)/", ".venv/bin/") if found else ""


def test_every_command_says_how_it_is_tested() -> None:
    """A fence of no known kind would be run by nobody."""
    assert [f"{short(path)}: {fence.text}" for path, fence in FENCES if fence.need not in KINDS[fence.language]] == []


def test_every_command_is_typed_by_a_test() -> None:
    """The test has the name of its kind, or of its page."""
    blocks = {(path.name, fence.need) for path, fence in FENCES if fence.language == "bash"} - {("README.md", "make")}
    for page, need in sorted(blocks):
        test = OF_AN_ACCOUNT.get(page, "") if need == "aws" else TYPISTS[need]
        assert (page if need == "aws" else f'"{need}"') in (ROOT / "tests" / test).read_text(encoding="utf-8"), page


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_what_is_no_command_looks_like_none(path: Path) -> None:
    """In a block of text nobody would type it."""
    texts = [fence.text for fence in fences(TEXTS[path]) if fence.language == "text"]
    assert [text for text in texts if COMMAND.search(text)] == []


def test_no_command_names_a_port_that_somebody_else_may_have() -> None:
    """It would speak to their stack: `csvgate status` says where ours is."""
    commands = [prompt.command for _, fence in FENCES if fence.language == "console" for prompt in prompts(fence)]
    assert [command for command in commands if re.search(r"(localhost|127\.0\.0\.1):(4566|8080)", command)] == []


@pytest.mark.parametrize("fence", of_kind("bash", "make"))
def test_targets_exist(fence: Fence) -> None:
    """A reader can type them."""
    wrong = [line for line in fence.text.splitlines() if not re.fullmatch(r"make [\w-]+( +#.*)?", line)]
    assert wrong == []
    assert all(recipe(target) for target in re.findall(r"^make ([\w-]+)", fence.text, re.MULTILINE))


@pytest.mark.parametrize(("typed", "meant"), MAKE.items())
def test_make_does_nothing_of_its_own(typed: str, meant: str) -> None:
    """So the documents' tests may run what it runs."""
    assert recipe(typed.removeprefix("make ")) == meant


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_documents_name_what_the_templates_have(path: Path) -> None:
    """Templates, their parameters and outputs; names all in capitals are the shell's, those of units are systemd's."""
    text = "".join(re.split(r"^```ini\n.*?^```$", TEXTS[path], flags=re.MULTILINE | re.DOTALL))
    templates = {file.stem: file.read_text() for file in (ROOT / "infra" / "cloudformation").glob("*.yaml")}
    known = set(re.findall(r"^  (\w+):$", "".join(templates.values()), re.MULTILINE))
    assert set(re.findall(r"infra/cloudformation/(\w+)\.yaml", text)) <= templates.keys()
    named = re.findall(r"\b([A-Z]\w*[a-z]\w*)=(?!=)|OutputKey=='(\w+)'|output csvgate-\w+ (\w+)", text)
    assert {name for names in named for name in names if name} <= known | OF_CALLS


def test_the_run_book_knows_every_alarm_and_every_difference() -> None:
    """Whoever is woken by one searches for its name."""
    book = TEXTS[ROOT / "docs" / "how-to" / "run-book.md"]
    templates = (file.read_text() for file in (ROOT / "infra" / "cloudformation").glob("*.yaml"))
    alarms = set(re.findall(r"AlarmName: (\S+)", "".join(templates)))
    headings = "".join(re.findall(r"^## .*$", book, re.MULTILINE))
    assert alarms == set(re.findall(r"csvgate-[\w-]+", headings))
    assert {kind for kind in DIFFERENCES if f"`{kind}`" not in book} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_tables_are_those_of_the_code(path: Path) -> None:
    """`python -m docs.render` writes them."""
    assert filled(TEXTS[path]) == TEXTS[path]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PLAIN.items() for text in texts])
def test_each_spelling_in_the_table_of_types_has_its_type(kind: str, text: str) -> None:
    """In a column of its own, and without a format."""
    found = decide([shape_of(text)])
    assert (found.type, found.format) == (kind, None)


def fields(section: str) -> set[str]:
    """The names in the first column of the first table of a section of the receipt's reference."""
    reference = TEXTS[ROOT / "docs" / "reference" / "receipt.md"]
    table = re.split(r"^##? ", reference, flags=re.MULTILINE)[SECTIONS.index(section) + 1]
    return {name for cell in re.findall(r"^\|([^|]*)\|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)}


def test_the_reference_of_the_receipt_has_every_field_and_no_other() -> None:
    """At its top, and in the documents within it."""
    receipt = inspect(lambda: iter([b"a,b\n1,2\n3\n"])).to_json()
    assert fields("receipt") == set(ORDER)
    assert fields("state") == set(get_args(State))
    assert fields("dialect") == {*receipt["dialect"], *ONLY_WHERE_TRUE}
    assert fields("columns") == set(receipt["columns"][0])
    assert fields("findings") == set(receipt["findings"][0])
    assert fields("bytes") == set(receipt["bytes"])


def test_the_reference_says_of_each_finding_where_its_places_are() -> None:
    """As the examples of `csvgate explain` have them."""
    rows = [row.split("|")[1:4] for row in section("`first`").splitlines() if row.startswith("| `")]
    told = {code: bool(column.strip()) for codes, _, column in rows for code in re.findall(r"`([\w-]+)`", codes)}
    found = {code: places(example, code) for code, example in EXAMPLES.items()}
    assert told == {code: first[0]["column"] is not None for code, first in found.items() if first}


def section(title: str) -> str:
    """One section of the receipt's reference."""
    parts = re.split(r"^## ", TEXTS[ROOT / "docs" / "reference" / "receipt.md"], flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"{title}\n"))


def places(example: Example, code: str) -> list[dict[str, Any]]:
    """Where the finding is in its example."""
    return next(found.to_json()["first"] for found in found_in(example) if found.code == code)


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_links_lead_somewhere(path: Path) -> None:
    """Within the repository: files are there, and so are the headings in them."""
    for link in LINK.finditer(re.sub(r"`[^`\n]*`", "", TEXTS[path])):
        target = (path.parent / link["path"]).resolve() if link["path"] else path
        assert target.exists(), link[0]
        assert not link["anchor"] or link["anchor"] in anchors(target), link[0]


def anchors(path: Path) -> set[str]:
    """What a link may name in a document: its headings, as GitHub spells them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
