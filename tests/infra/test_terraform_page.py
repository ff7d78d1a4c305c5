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

import psycopg
import pytest

from csvgate.aws.client import client
from csvgate.local import emulator as embedded
from csvgate.local.postgres import Postgres
from csvgate.local.services import CREDENTIALS, REGION, Services
from docs.render import ROOT, desk, environment, fences
from tests.infra import rds, terraform
from tests.postgres.provision import make_database

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
# Somebody's own configuration, and Terraform called where that is.
WITH_A_DATABASE = """
provider "aws" {}

module "csvgate" {
  source   = "../infra/terraform"
  database = {}
}
"""
THERE = """
curl() { mkdir -p build; touch build/rds.pem; }
terraform() { command terraform -chdir=mine "$@"; }
export TF_CLI_ARGS_apply=-auto-approve
terraform init
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
            "AWS_DEFAULT_REGION": "us-east-1",  # for a CLI of version 1, as this one is
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


def test_a_database_is_made_with_the_rest_and_gets_its_tables(reader: Reader, postgres: Postgres) -> None:
    """Where its secret says that it is; the functions are told of that secret, and one of them migrates."""
    database_url = make_database(postgres)
    keeper = client("secretsmanager", endpoint_url=reader.endpoint_url, region=REGION, credentials=CREDENTIALS)
    secret = keeper.create_secret(Name="csvgate", SecretString=json.dumps({"url": database_url}))["ARN"]
    (reader.clone / "mine").mkdir()
    (reader.clone / "mine" / "main.tf").write_text(WITH_A_DATABASE)
    section = SECTIONS["In a configuration of your own"]
    (commands,) = (fence.text for fence in fences(section) if fence.need == "terraform-database")
    with rds.beside(reader.endpoint_url, {"csvgate": secret}) as address:
        said = reader.types(f"export AWS_ENDPOINT_URL_RDS={address}\n{THERE}\n{commands}")
    assert "errorMessage" not in said
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM csvgate.catalog").fetchone() == (0,)


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
