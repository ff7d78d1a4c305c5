"""The page's commands run as they are written: against the embedded AWS, with pods that are processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from csvgate.local import emulator
from csvgate.local.services import CREDENTIALS, REGION
from docs.render import ROOT, desk, environment, fences
from tests.infra.applied import APPLIED
from tests.infra.manifests import Document, of_kind
from tests.infra.programs import kubectl, placed

pytestmark = [pytest.mark.long, pytest.mark.kubernetes]
INSTALLING, UPGRADING = ("On EKS, from nothing to a receipt", "With PostgreSQL"), "Upgrade, and back"
# What another version would change as well: a setting, and with it the job that reads it.
CHANGED = "\necho CSVGATE_RECONCILE_SECONDS=600 >> my-csvgate/overlays/rds/settings.env\n"
RENDER = "kubectl kustomize my-csvgate/overlays/rds"
KEY, SECRET_KEY = CREDENTIALS.access_key, CREDENTIALS.secret_key
SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:rds!db-0123"
BIN = Path(sys.executable).parent
CLUSTER = "arn:aws:eks:us-east-1:000000000000:cluster/my-cluster"
# What a reader has and we do not: a cluster, a registry, an engine for images, a database of RDS with its secret.
PROGRAMS = {
    "kubectl": kubectl("pods"),
    "docker": "cat > /dev/null",
    "make": "exit 0",
    "aws": f"""case "$1" in
  eks) [[ "$*" == *create-* ]] && {BIN}/aws "$@" --generate-cli-skeleton output > /dev/null && echo "$@"
       [[ "$*" == *arn ]] && echo {CLUSTER}
       [[ "$*" == *issuer ]] && echo https://oidc.eks.us-east-1.amazonaws.com/id/0123
       [[ "$*" == *vpcId ]] && echo "$VPC"
       [[ "$*" == *subnetIds ]] && printf '%s\\t%s\\n' $SUBNETS
       [[ "$*" == *clusterSecurityGroupId ]] && echo "$GROUP" ;;
  ecr) echo password ;;
  rds) echo {SECRET} ;;
  *) exec {BIN}/aws "$@" ;;
esac
true""",
    "curl": f"""case "$*" in
  *truststore*) touch global-bundle.pem ;;
  *) exec {shutil.which("curl")} "$@" ;;
esac""",
}
HEAD = """set -euo pipefail
trap 'kill $(jobs -p) || true; wait' EXIT
aws() { "$HOME/bin/aws" "$@"; }
aws iam create-role --role-name keda-operator --assume-role-policy-document '{"Version": "2012-10-17"}'
"""


def commands(section: str, *needs: str) -> str:
    """All commands of a section of the page, in order; also those that only some need, if these are named."""
    page = (ROOT / "docs" / "how-to" / "kubernetes.md").read_text(encoding="utf-8")
    (text,) = [part for part in re.split(r"^## ", page, flags=re.MULTILINE) if part.startswith(f"{section}\n")]
    return "\n".join(fence.text for fence in fences(text) if fence.need in {"aws", *needs})


def free_port() -> int:
    """One on which nobody listens."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def reader(directory: Path, endpoint_url: str) -> dict[str, str]:
    """The environment of somebody with an account, and with the programs above."""
    programs = placed(directory / "bin", PROGRAMS)
    (directory / "infra").symlink_to(ROOT / "infra")
    (directory / ".aws").mkdir()
    (directory / ".aws" / "config").write_text(
        f"[default]\nregion = {REGION}\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET_KEY}\n"
    )
    return {
        **environment(directory),
        "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": endpoint_url,
    }


def network(endpoint_url: str) -> dict[str, str]:
    """Where the cluster would be."""
    ec2 = boto3.Session(KEY, SECRET_KEY, region_name=REGION).client("ec2", endpoint_url=endpoint_url)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for number, zone in enumerate("ab")
    ]
    subnets = " ".join(each["Subnet"]["SubnetId"] for each in made)
    group = ec2.create_security_group(GroupName="pods", Description="of the cluster", VpcId=vpc)["GroupId"]
    return {"VPC": vpc, "SUBNETS": subnets, "GROUP": group}


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was printed, what is applied at the end, and what each role may do, as text."""

    stdout: str
    applied: list[Document]
    trusted: dict[str, str]
    allowed: dict[str, list[str]]


def typed(script: str, folder: Path) -> Done:
    """The commands were run, one after the other, in one shell."""
    with desk() as directory, emulator.start(folder, port=0) as running:
        where = reader(directory, running.endpoint_url) | network(running.endpoint_url)
        with (directory / "printed").open("w+") as printed, (directory / "complaints").open("w+") as complaints:
            ended = subprocess.run(
                ["timeout", "180", "bash", "-c", HEAD + script.replace("8080", str(free_port()))],
                cwd=directory,
                env=where,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complaints,
                check=False,
            )
        assert ended.returncode == 0, (directory / "complaints").read_text()[-3000:]
        iam = boto3.Session(KEY, SECRET_KEY, region_name=REGION).client("iam", endpoint_url=running.endpoint_url)
        every = {role["RoleName"]: json.dumps(role["AssumeRolePolicyDocument"]) for role in iam.list_roles()["Roles"]}
        trusted = {name: text for name, text in every.items() if "Condition" in text}
        applied = directory / APPLIED
        return Done(
            stdout=(directory / "printed").read_text(),
            applied=json.loads(applied.read_text()) if applied.exists() else [],
            trusted=trusted,
            allowed={name: sorted(iam.list_role_policies(RoleName=name)["PolicyNames"]) for name in trusted},
        )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """From nothing to an upgrade."""
    script = "\n".join(commands(section) for section in INSTALLING) + CHANGED + commands(UPGRADING)
    return typed(script, tmp_path_factory.mktemp("page"))


def test_the_page_leads_from_nothing_to_a_receipt(done: Done) -> None:
    assert re.search(r"^state\trecorded$", done.stdout, re.MULTILINE), done.stdout[-3000:]


def test_each_account_has_its_role_with_its_policies_and_no_other_may_be_it(done: Done) -> None:
    """The database's is beside it."""
    assert done.allowed == {f"csvgate-{name}": ["database", name] for name in ("inspect", "record", "upload")} | {
        "csvgate-migrate": ["database"]
    }
    for name, trusted in done.trusted.items():
        assert "oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/0123" in trusted
        assert f"system:serviceaccount:csvgate:{name}" in trusted


def test_what_is_applied_has_nothing_of_an_example_in_it(done: Done) -> None:
    """The reader's own account, region, database and secret are everywhere."""
    text = json.dumps(done.applied)
    assert "123456789012" not in text
    assert "eu-central-1" not in text
    told = next(each["data"] for each in of_kind(done.applied, "ConfigMap") if "settings" in each["metadata"]["name"])
    assert told["CSVGATE_DATABASE_SECRET"] == SECRET
    assert told["DATABASE_URL"].endswith("sslrootcert=/etc/csvgate/authority/global-bundle.pem")
    assert told["DATABASE_URL"].count("csvgate") > 1


def test_an_upgrade_shows_what_it_changes_and_nothing_stands_in_its_way(done: Done) -> None:
    """The job of the version before, say, which cannot be changed: a diff refuses it, as an apply does."""
    assert {"job/csvgate-migrate differs", "deployment/csvgate-record differs"} <= set(done.stdout.splitlines())
    told = next(each["data"] for each in of_kind(done.applied, "ConfigMap") if "settings" in each["metadata"]["name"])
    assert told["CSVGATE_RECONCILE_SECONDS"] == "600"


def test_pods_have_their_roles_by_pod_identity_too(tmp_path: Path) -> None:
    """Those of one cluster and one account each; no annotation is left that would name another way."""
    parts = [commands(section, "aws-pods").partition("kubectl")[0] for section in INSTALLING]
    found = typed("\n".join([*parts, RENDER]), tmp_path)
    assert "kind: ServiceAccount" in found.stdout
    assert "role-arn:" not in found.stdout
    assert len(found.trusted) == 4
    for name, text in found.trusted.items():
        assert f"--service-account {name} --role-arn arn:aws:iam::000000000000:role/{name}\n" in found.stdout
        [statement] = json.loads(text)["Statement"]
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        assert {CLUSTER, "csvgate", name} == set(statement["Condition"]["StringEquals"].values())
