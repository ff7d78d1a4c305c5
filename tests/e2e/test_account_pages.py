"""What pages tell somebody with an account to type, typed in their order; the embedded AWS stands for the account."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from csvgate.aws.client import client
from csvgate.local import emulator
from csvgate.local.postgres import Postgres, binaries
from csvgate.local.services import CREDENTIALS, REGION
from docs.render import ROOT, desk, environment, fences
from tests.infra import rds
from tests.postgres.provision import make_database

pytestmark = pytest.mark.long

# The AWS CLI is the reader's own.
PATH = f"{Path(sys.executable).parent}:{os.defpath}"
# What `make package`, `make layer` and git would do in a checkout that has them.
CHECKOUT = """set -euo pipefail
make() {
  .venv/bin/python -m csvgate.local.package build/csvgate-lambda.zip
  .venv/bin/python -c 'import zipfile; zipfile.ZipFile("build/csvgate-layer.zip", "w").writestr("python/a.py", "")'
}
git() {
  [ "$1" != pull ] || touch pulled
  [ -e pulled ] && echo 4567def || echo 0123abc
}
"""
# What is deployed, renewed, told where a collector is, restored, told of a page, and left to workers.
ACCOUNT_PAGES = ("aws.md", "upgrade.md", "watch.md", "backup.md", "run-the-service.md", "run-workers.md")
# The CLI hears of the emulator for RDS by its own option only, and there CloudFormation makes no proxies.
RDS = """
curl() { touch build/rds.pem; }
aws() {
  case "$1" in
    rds) command aws --endpoint-url "$RDS_ENDPOINT_URL" "$@" ;;
    *) command aws "${@/#ProxyRoleArn=*/ProxyRoleArn=}" ;;
  esac
}
"""
LOOK = "unset CSVGATE_TARGET\ncsvgate redrive\ncsvgate ls --json"
# The emulator sees no change where only outputs are new.
OUTPUTS = """
aws() {
  case "$*" in
    *deploy*csvgate-dynamodb*) command aws "$@" --no-fail-on-empty-changeset ;;
    *) command aws "$@" ;;
  esac
}
"""
ANOTHER = "csvgate put samples/kunden.csv --wait\ncsvgate ls --json"
# A proxy, which CloudFormation makes elsewhere; of what RDS keeps, a copy; and a file that came since.
MOMENT = """
proxy="--db-proxy-name csvgate"
aws rds create-db-proxy $proxy --engine-family POSTGRESQL --auth "AuthScheme=SECRETS,SecretArn=$secret" \
  --role-arn arn:aws:iam::000000000000:role/proxy --vpc-subnet-ids $(output csvgate-rds SubnetIds | tr , ' ')
aws rds register-db-proxy-targets $proxy --db-instance-identifiers csvgate
"$TOOLS/pg_dump" "$NOW" | "$TOOLS/psql" --quiet "$RESTORED"
csvgate put samples/orders.csv --key later/orders.csv --wait
"""
AFTERWARDS = """
echo behind the proxy: $(aws rds describe-db-proxy-targets $proxy --output text --query 'Targets[].RdsResourceId') \
  $(aws rds describe-db-proxies $proxy --output text --query 'DBProxies[].Auth[].SecretArn')
export CSVGATE_DATABASE_SECRET=$secret
for try in $(seq 30); do csvgate reconcile --grace 0 | grep "agrees.*yes" && exit; sleep 1; done
"""
LOAD = """
export DATABASE_URL=$(output csvgate-rds DatabaseUrl) CSVGATE_DATABASE_SECRET=$secret
csvgate put samples/kunden.csv --wait
"""


def typed(commands: Sequence[str], endpoint_url: str, **told: str) -> str:
    """What was printed on the way through all these commands, each of which has to succeed."""
    with desk() as directory:
        (directory / "infra").symlink_to(ROOT / "infra")
        (directory / ".aws").mkdir()
        (directory / ".aws" / "config").write_text("[default]\nregion = us-east-1\n")
        keys = "aws_access_key_id = test\naws_secret_access_key = test\n"
        (directory / ".aws" / "credentials").write_text(f"[default]\n{keys}")
        script = "\n".join([CHECKOUT, *commands])
        where = {**environment(directory), "PATH": PATH, "AWS_ENDPOINT_URL": endpoint_url, **told}
        done = subprocess.run(
            ["bash", "-c", script], cwd=directory, env=where, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def blocks(*pages: str, need: str = "aws") -> list[str]:
    """The commands of these pages, in their order."""
    texts = [(ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8") for name in pages]
    return [fence.text for text in texts for fence in fences(text) if fence.need == need]


@contextmanager
def with_databases(folder: Path, *database_urls: str) -> Iterator[tuple[str, str]]:
    """An embedded AWS, and its RDS, whose databases are these: `csvgate`, and `csvgate-restored`."""
    with emulator.start(folder, port=0) as running:
        keeper = client("secretsmanager", endpoint_url=running.endpoint_url, region=REGION, credentials=CREDENTIALS)
        secrets = {
            name: keeper.create_secret(Name=name, SecretString=json.dumps({"url": url}))["ARN"]
            for name, url in zip(("csvgate", "csvgate-restored"), database_urls, strict=False)
        }
        with rds.beside(running.endpoint_url, secrets) as address:
            yield running.endpoint_url, address


def test_the_commands_for_an_account_deploy_into_an_emulator_too(tmp_path: Path) -> None:
    """At the end the `.env` file that the first page wrote suffices."""
    with emulator.start(tmp_path, port=0) as running:
        said = typed([*blocks(*ACCOUNT_PAGES), LOOK], running.endpoint_url)
    assert '"key": "orders.csv"' in said
    assert said.count("Successfully created/updated stack - csvgate-pipeline") == 4


def test_what_was_removed_is_retained_and_taken_over_by_new_stacks(tmp_path: Path) -> None:
    """The deliveries of before are in the catalog, and the bucket tells the new queue."""
    page = blocks("aws.md")
    removed = blocks("aws.md", need="aws-removed")
    with emulator.start(tmp_path, port=0) as running:
        said = typed([*page, *removed, OUTPUTS, page[1], ANOTHER], running.endpoint_url)
        stacks = client("cloudformation", endpoint_url=running.endpoint_url, region=REGION, credentials=CREDENTIALS)
        there = stacks.list_stack_resources(StackName="csvgate-s3")["StackResourceSummaries"]
    assert sorted(each["ResourceType"] for each in there) == ["AWS::S3::Bucket"] * 2 + ["AWS::S3::BucketPolicy"] * 2
    assert '"key": "orders.csv"' in said
    assert '"key": "kunden.csv"' in said


def test_the_commands_for_a_database_load_rows_into_it(tmp_path: Path, postgres: Postgres) -> None:
    """Stacks, certificates, secret and migration; the tables are those that the functions made."""
    database_url = make_database(postgres)
    with with_databases(tmp_path, database_url) as (endpoint_url, address):
        said = typed([RDS, *blocks("aws.md", "postgresql.md"), LOAD], endpoint_url, RDS_ENDPOINT_URL=address)
    assert "csvgate.live_rows\t24\t0\tverified" in said
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM csvgate.live_rows").fetchone() == (24,)


def test_the_commands_for_a_restore_lead_to_the_database_of_before_and_all_files(
    tmp_path: Path, postgres: Postgres
) -> None:
    """What came after the moment is found in the bucket, and loaded into what was restored; the proxy has that, too."""
    now, restored = make_database(postgres), make_database(postgres)
    first, *_ = blocks("postgresql.md")
    commands = [RDS, *blocks("aws.md"), first, LOAD, MOMENT, *blocks("backup.md", need="aws-database"), AFTERWARDS]
    with with_databases(tmp_path, now, restored) as (endpoint_url, address):
        told = typed(
            commands, endpoint_url, RDS_ENDPOINT_URL=address, NOW=now, RESTORED=restored, TOOLS=str(binaries())
        )
    with psycopg.connect(restored) as connection:
        assert connection.execute("SELECT count(*) FROM csvgate.live_rows").fetchone() == (60 + 24 + 60,)
    assert "behind the proxy: csvgate-restored secret:csvgate-restored" in re.sub(
        r"arn:\S+:(secret:\S+)-\w+", r"\1", told
    )
