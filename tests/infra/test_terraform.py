"""The module is well formed, says what it takes and gives, and keeps what it promises: its tests, and its README."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from csvgate.local import templates
from tests.infra import terraform
from tests.infra.rendering import load
from tests.infra.terraform import MODULE, MODULES, Terraform, outputs, tables, variables

needs_terraform = [pytest.mark.long, pytest.mark.terraform]
EXAMPLES = sorted(folder.name for folder in (MODULE / "examples").iterdir())
TOGETHER = Path(__file__).parent / "together"
# What CloudFormation decides by which stack is told of which, by addresses, or by where its zip is.
ASKED_OTHERWISE = {"ArrivalsQueueUrl", "CodeKey", "InspectedQueueUrl", "TargetFunctionArn", "TargetQueueArn"}


def snake(name: str) -> str:
    """A parameter's name as Terraform writes it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_readme_says_what_the_module_takes_and_gives(module: Path) -> None:
    """`python -m tests.infra.terraform` writes the tables."""
    assert tables(module) in (module / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_everything_has_a_default_and_is_described(module: Path) -> None:
    """As the templates deploy without parameters."""
    assert all(variable.description and variable.default for variable in variables(module))
    text = (module / "outputs.tf").read_text(encoding="utf-8")
    assert len(outputs(module)) == len(re.findall(r"^output ", text, re.MULTILINE))


def test_variables_are_called_as_parameters_are() -> None:
    """Who knows the one knows the other."""
    parameters = {name for template in templates.NAMES for name in load(template)["Parameters"]} - ASKED_OTHERWISE
    assert {snake(name) for name in parameters} <= {variable.name for variable in variables()}


def test_what_calls_a_function_is_made_anew_with_it() -> None:
    """Else a change from zip to image leaves functions that nobody may call, and mappings that are disabled."""
    blocks = re.split(r"^}$", (MODULE / "functions.tf").read_text(encoding="utf-8"), flags=re.MULTILINE)
    calling = [block for block in blocks if re.search(r"\n  function_name += aws_lambda_function\.", block)]
    assert len(calling) == 5
    for block in calling:
        (stage,) = set(re.findall(r'aws_lambda_function\.this\["(\w+)"\]', block))
        assert f'replace_triggered_by = [aws_lambda_function.this["{stage}"].package_type]' in block


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """Terraform in a copy of the module."""
    return terraform.installed(tmp_path_factory.mktemp("module"))


class TestWithTerraform:
    """What only Terraform knows."""

    pytestmark = needs_terraform

    def test_it_is_formatted(self, module: Terraform) -> None:
        assert module.run("fmt", "-check", "-recursive") == ""

    def test_it_is_valid(self, module: Terraform) -> None:
        """Against the schema of the real provider, without a warning."""
        assert "Success! The configuration is valid.\n" in module.run("validate")

    @pytest.mark.parametrize("folder", [".", "modules/database"])
    def test_its_own_tests_pass(self, folder: str, tmp_path: Path) -> None:
        said = terraform.installed(tmp_path, folder).run("test")
        assert re.search(r"Success! [1-9]\d* passed, 0 failed", said)

    @pytest.mark.parametrize("example", EXAMPLES)
    def test_examples_are_valid(self, example: str, tmp_path: Path) -> None:
        """They are the first thing that somebody copies."""
        found = terraform.installed(tmp_path, f"examples/{example}")
        assert "Success! The configuration is valid.\n" in found.run("validate")

    def test_it_is_told_of_what_the_same_plan_makes(self, tmp_path: Path) -> None:
        """How many there are of each resource is known, though not what the others are called by AWS."""
        own = terraform.installed(tmp_path)
        folder = own.folder / "examples" / "together"
        shutil.copytree(TOGETHER, folder)
        together = replace(own, folder=folder)
        together.run("init", "-backend=false")
        assert "Success! 1 passed, 0 failed" in together.run("test")
