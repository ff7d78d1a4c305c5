"""The page about Terraform, typed line by line: the real provider on an embedded AWS, from nothing to a receipt."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from csvgate.local import emulator as embedded
from csvgate.local.services import Services
from docs.render import ROOT, desk, environment, fences
from tests.infra import terraform

pytestmark = [pytest.mark.long, pytest.mark.terraform]

PAGE = (ROOT / "docs" / "how-to" / "terraform.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)}
MINIMAL = "infra/terraform/examples/minimal"
# What is taken out of Terraform's hands by who wants to keep files and receipts: not what the bucket tells to whom.
KEPT = {
    "aws_dynamodb_table",
    "aws_s3_bucket",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
}
# What `make package` and git would do in a clone that has both. Each package is another one, as new code is.
CLONE = """set -euo pipefail
make() {
  .venv/bin/python -m csvgate.local.package build/csvgate-lambda.zip
  .venv/bin/python -c 'import uuid, zipfile
with zipfile.ZipFile("build/csvgate-lambda.zip", "a") as archive: archive.comment = uuid.uuid4().bytes'
}
git() { :; }
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Somebody with a clone, and with credentials of the embedded AWS."""

    clone: Path
    endpoint_url: str
    configuration: Path

    def does(self, heading: str, need: str = "terraform") -> str:
        """All commands of a section, in its order."""
        return self.types("\n".join(fence.text for fence in fences(SECTIONS[heading]) if fence.need == need))

    def types(self, commands: str, codes: tuple[int, ...] = (0,)) -> str:
        """What the commands say; another code than these is an error."""
        script = f"{CLONE}\n{commands}"
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.clone, env=self._environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode in codes, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _environment(self) -> dict[str, str]:
        programs = {Path(sys.executable).parent, Path(shutil.which("terraform") or "").parent}
        return {
            **environment(self.clone),
            "PATH": ":".join([*map(str, programs), os.defpath]),
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "TF_CLI_CONFIG_FILE": str(self.configuration),
            "TF_CLI_ARGS_destroy": "-auto-approve",
            "CHECKPOINT_DISABLE": "1",
        }


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Somebody who begins."""
    with desk() as clone, embedded.start(tmp_path / "aws", port=0) as emulator:
        for folder in ("infra/terraform", "scripts"):
            shutil.copytree(ROOT / folder, clone / folder, ignore=terraform.LEFT_BEHIND)
        configuration = terraform.configuration(tmp_path)
        yield Reader(clone=clone, endpoint_url=emulator.endpoint_url, configuration=configuration)


def test_from_nothing_to_a_receipt_and_back_to_nothing(reader: Reader) -> None:
    """Applied, used, planned again, upgraded, rolled back, destroyed."""
    services = Services.at(reader.endpoint_url)
    listed = reader.does("From nothing to a receipt")
    assert "samples/orders.csv" in listed
    assert "redriven\t0" in reader.types(".venv/bin/csvgate redrive")
    items = services.dynamodb.scan(TableName="MetadataTable")["Items"]
    assert {item["state"]["S"] for item in items if item["FileName"]["S"].endswith("orders.csv")} == {"recorded"}
    assert changes(reader) == {"aws_cloudwatch_metric_alarm": {"update"}}
    first = package_of(services)
    reader.does("Upgrade")
    second = package_of(services)
    reader.does("Roll back")
    assert len({first, second, package_of(services)}) == 3
    chosen, _, _ = next(line for line in kept().splitlines() if "grep" in line).partition("| xargs")
    assert set(re.findall(r"(aws_\w+)\.", reader.types(f"cd {MINIMAL}\n{chosen}"))) == KEPT
    reader.does("Remove it")
    assert services.s3.list_buckets()["Buckets"] == []
    assert services.dynamodb.list_tables()["TableNames"] == []
    assert services.functions.list_functions()["Functions"] == []


def kept() -> str:
    """The commands by which buckets and tables stay."""
    (fence,) = (fence for fence in fences(SECTIONS["Remove it"]) if fence.need == "terraform-kept")
    return fence.text


def changes(reader: Reader) -> dict[str, set[str]]:
    """What another plan would do, by the type of the resource."""
    plan = f"terraform -chdir={MINIMAL} plan -json -detailed-exitcode"
    lines = map(json.loads, reader.types(plan, codes=(0, 2)).splitlines())
    found: dict[str, set[str]] = {}
    for change in (line["change"] for line in lines if line["type"] == "planned_change"):
        found.setdefault(change["resource"]["resource_type"], set()).add(change["action"])
    return found


def package_of(services: Services) -> str:
    """The zip that process_csv runs."""
    return services.functions.get_function(FunctionName="process_csv")["Configuration"]["CodeSha256"]
