"""What pages tell somebody with an account to type, typed in their order; the embedded AWS stands for the account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from csvgate.aws.client import client
from csvgate.local import emulator
from csvgate.local.postgres import Postgres
from csvgate.local.services import CREDENTIALS, REGION
from docs.render import ROOT, desk, environment, fences
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
# What is deployed, renewed, told where a collector is, and restored; there is no database of RDS to restore.
ACCOUNT_PAGES = ("aws.md", "upgrade.md", "watch.md", "backup.md")
NO_RDS = """
aws() {
  case "$1" in
    rds) echo arn:aws:secretsmanager:us-east-1:000000000000:secret:told ;;
    *) command aws "$@" ;;
  esac
}
"""
# The database of RDS is somewhere else here, as its secret says. The CLI does not hear of the emulator for RDS, and
# that one makes no proxies.
RDS = """
curl() { touch build/rds.pem; }
aws() {
  case "$*" in
    *describe-db-instances*) echo "$SECRET" ;;
    rds*) command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@" ;;
    *) command aws "${@/#ProxyRoleArn=*/ProxyRoleArn=}" ;;
  esac
}
"""
LOOK = "unset CSVGATE_TARGET\ncsvgate redrive\ncsvgate ls --json"
LOAD = """
export DATABASE_URL=$(output csvgate-rds DatabaseUrl) CSVGATE_DATABASE_SECRET=$secret
csvgate put samples/kunden.csv --wait
"""


def typed(pages: Sequence[str], before: str, after: str, endpoint_url: str, **told: str) -> str:
    """What was printed on the way through all the commands of these pages, each of which has to succeed."""
    texts = [(ROOT / "docs" / "how-to" / name).read_text(encoding="utf-8") for name in pages]
    commands = [fence.text for text in texts for fence in fences(text) if fence.need == "aws"]
    with desk() as directory:
        (directory / "infra").symlink_to(ROOT / "infra")
        (directory / ".aws").mkdir()
        (directory / ".aws" / "config").write_text("[default]\nregion = us-east-1\n")
        keys = "aws_access_key_id = test\naws_secret_access_key = test\n"
        (directory / ".aws" / "credentials").write_text(f"[default]\n{keys}")
        script = "\n".join([CHECKOUT, before, *commands, after])
        where = {**environment(directory), "PATH": PATH, "AWS_ENDPOINT_URL": endpoint_url, **told}
        done = subprocess.run(
            ["bash", "-c", script], cwd=directory, env=where, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_for_an_account_deploy_into_an_emulator_too(tmp_path: Path) -> None:
    """At the end the `.env` file that the first page wrote suffices."""
    with emulator.start(tmp_path, port=0) as running:
        said = typed(
            ACCOUNT_PAGES, NO_RDS, "unset CSVGATE_TARGET\ncsvgate redrive\ncsvgate ls --json", running.endpoint_url
        )
    assert '"key": "orders.csv"' in said
    assert said.count("Successfully created/updated stack - csvgate-pipeline") == 5


def test_the_commands_for_a_database_load_rows_into_it(tmp_path: Path, postgres: Postgres) -> None:
    """Stacks, certificates, secret and migration; the tables are those that the functions made."""
    database_url = make_database(postgres)
    with emulator.start(tmp_path, port=0) as running:
        secrets = client("secretsmanager", endpoint_url=running.endpoint_url, region=REGION, credentials=CREDENTIALS)
        secret = secrets.create_secret(Name="rds", SecretString=json.dumps({"url": database_url}))["ARN"]
        said = typed(("aws.md", "postgresql.md"), RDS, LOAD, running.endpoint_url, SECRET=secret)
    assert "csvgate.live_rows	24	0	verified" in said
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM csvgate.live_rows").fetchone() == (24,)
