"""A folder of Terraform in, what Terraform says of it out: with the real provider, from a copy on this machine.

The provider is in no package registry that tests may ask, so it has to be there already, in a plugin mirror.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

# As what a machine lacks is called.
NAME = "terraform with a copy of the AWS provider"
MODULE = Path(__file__).parents[2] / "infra" / "terraform"
MODULES = (MODULE, MODULE / "modules" / "database")
# Where images that bring Terraform keep copies of providers, and where Terraform itself looks for some; else anywhere.
ROOTS = ("/opt", "/usr/share", "/usr/local/share", "/usr/lib/terraform", str(Path.home() / ".terraform.d"), "/")
PROVIDER = "terraform-provider-aws_v5*"
CONFIGURATION = 'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
# What somebody who ran Terraform in the checkout left there.
LEFT_BEHIND = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfplan")


class NoTerraform(Exception):
    """There is no `terraform` in PATH, or no copy of version 5 of the AWS provider on this machine."""


@cache
def mirror() -> Path:
    """The folder below which providers lie as on the registry: HOST/hashicorp/aws/VERSION/PLATFORM/provider."""
    for root in ROOTS if shutil.which("terraform") else ():
        command = ["find", root, "-xdev", "-type", "f", "-name", PROVIDER]
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
        for provider in map(Path, found):
            if provider.parts[-5:-3] == ("hashicorp", "aws"):
                return provider.parents[5]
    raise NoTerraform(NoTerraform.__doc__)


def is_there() -> bool:
    """Terraform and the provider are on this machine."""
    try:
        mirror()
    except NoTerraform:
        return False
    return True


class Variable(NamedTuple):
    """What the module may be asked for."""

    name: str
    description: str
    type: str
    default: str


BEGIN, END = "<!-- BEGIN_TF_DOCS -->", "<!-- END_TF_DOCS -->"
OUTPUT = re.compile(r'^output "(\w+)" \{\n  description = "(.*)"$', re.MULTILINE)


class Output(NamedTuple):
    """What the module answers."""

    name: str
    description: str


def outputs(module: Path = MODULE) -> list[Output]:
    """All that a module answers, in the order of its file."""
    return [Output(*found) for found in OUTPUT.findall((module / "outputs.tf").read_text(encoding="utf-8"))]


def tables(module: Path = MODULE) -> str:
    """Both as its README has them, in the form of terraform-docs."""
    inputs = [f"| {each.name} | {each.description} | `{each.type}` | `{each.default}` |" for each in variables(module)]
    answers = [f"| {each.name} | {each.description} |" for each in outputs(module)]
    lines = [
        "## Inputs",
        "",
        "| name | description | type | default |",
        "|---|---|---|---|",
        *inputs,
        "",
        "## Outputs",
        "",
        "| name | description |",
        "|---|---|",
        *answers,
    ]
    return "\n".join([BEGIN, *lines, END])


def variables(module: Path = MODULE) -> list[Variable]:
    """All that a module may be asked for, in the order of its file."""
    _, *blocks = re.split(r"^variable ", (module / "variables.tf").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return list(map(_variable, blocks))


def _variable(block: str) -> Variable:
    given = dict(re.findall(r"^  (\w+) += (.*)$", block, re.MULTILINE))
    kind = given["type"].removesuffix("({")
    return Variable(block.split('"')[1], given["description"].strip('"'), kind, given["default"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Terraform:
    """Terraform in one folder, with nothing of this machine's own configuration."""

    folder: Path
    configuration: Path

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """What it says; another code than these is an error."""
        command = ["terraform", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode in codes, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def lines(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> Iterator[dict[str, Any]]:
        """The same for what speaks JSON, line by line."""
        return map(json.loads, self.run(*arguments, "-json", codes=codes).splitlines())

    def _environment(self) -> dict[str, str]:
        # No credentials, no region, no endpoint of the caller: a mistake here must not reach an account.
        return {
            "PATH": os.environ["PATH"],
            "TF_CLI_CONFIG_FILE": str(self.configuration),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "TF_CLI_ARGS": "-no-color",
            "CHECKPOINT_DISABLE": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def configuration(folder: Path) -> Path:
    """A file by which Terraform takes providers from this machine only."""
    path = folder / "mirror.tfrc"
    path.write_text(CONFIGURATION.format(mirror=mirror()), encoding="utf-8")
    return path


def installed(scratch: Path, folder: str = ".") -> Terraform:
    """A copy of the module, and Terraform in one of its folders, initialised; the checkout stays as it is."""
    copy = scratch / "infra" / "terraform"
    shutil.copytree(MODULE, copy, ignore=LEFT_BEHIND)
    terraform = Terraform(folder=copy / folder, configuration=configuration(scratch))
    terraform.run("init", "-backend=false")
    return terraform


if __name__ == "__main__":
    for module in MODULES:
        readme = module / "README.md"
        before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
        readme.write_text(f"{before}{tables(module)}{rest.partition(END)[2]}", encoding="utf-8")
