"""The page's commands for EKS, run as they are written: against the embedded AWS, with pods that are processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from csvgate.local import emulator
from csvgate.local.services import CREDENTIALS, REGION
from docs.render import ROOT, desk, environment, fences

# What a reader has and we do not: a cluster, a registry, an engine for images.
PROGRAMS = {
    "kubectl": f"""case "$1" in
  kustomize) exec {shutil.which("kubectl")} "$@" ;;
  *) exec {sys.executable} -m tests.infra.pods "$@" ;;
esac""",
    "docker": "cat > /dev/null",
    "make": "exit 0",
    "aws": f"""case "$1" in
  eks) echo https://oidc.eks.us-east-1.amazonaws.com/id/0123 ;;
  ecr) echo password ;;
  *) exec {Path(sys.executable).parent}/aws "$@" ;;
esac""",
}
HEAD = """set -euo pipefail
trap 'kill $(jobs -p) || true; wait' EXIT
aws iam create-role --role-name keda-operator --assume-role-policy-document '{"Version": "2012-10-17"}'
"""


def commands(section: str) -> str:
    """All commands of a section of the page, in order."""
    page = (ROOT / "docs" / "how-to" / "kubernetes.md").read_text(encoding="utf-8")
    (text,) = [part for part in re.split(r"^## ", page, flags=re.MULTILINE) if part.startswith(f"{section}\n")]
    return "\n".join(fence.text for fence in fences(text) if fence.need == "aws")


def free_port() -> int:
    """One on which nobody listens."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def reader(directory: Path, endpoint_url: str) -> dict[str, str]:
    """The environment of somebody with an account, and with the programs above."""
    programs = directory / "bin"
    programs.mkdir()
    for name, text in PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/bash\n{text}\n")
        (programs / name).chmod(0o755)
    (directory / "infra").symlink_to(ROOT / "infra")
    (directory / ".aws").mkdir()
    (directory / ".aws" / "config").write_text(
        f"[default]\nregion = {REGION}\n"
        f"aws_access_key_id = {CREDENTIALS.access_key}\naws_secret_access_key = {CREDENTIALS.secret_key}\n"
    )
    return {
        **environment(directory),
        "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "AWS_ENDPOINT_URL": endpoint_url,
    }


@pytest.mark.long
@pytest.mark.kubernetes
def test_the_page_leads_from_nothing_to_a_receipt(tmp_path: Path) -> None:
    """Stacks, roles with their policies, manifests with account and region, a token, a file, its receipt."""
    script = f"{HEAD}{commands('On EKS, from nothing to a receipt')}".replace("8080", str(free_port()))
    with desk() as directory, emulator.start(tmp_path, port=0) as running:
        where = reader(directory, running.endpoint_url)
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=directory,
            env=where,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert re.search(r"^state\trecorded$", done.stdout, re.MULTILINE), done.stdout[-3000:]
        iam = boto3.client(
            "iam",
            endpoint_url=running.endpoint_url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS.access_key,
            aws_secret_access_key=CREDENTIALS.secret_key,
        )
        trusted = json.dumps(iam.get_role(RoleName="csvgate-record")["Role"]["AssumeRolePolicyDocument"])
        assert "id/0123:sub" in trusted
        assert "system:serviceaccount:csvgate:csvgate-record" in trusted
        policy = json.dumps(iam.get_role_policy(RoleName="csvgate-upload", PolicyName="upload")["PolicyDocument"])
        assert "csvgate-arrivals-000000000000-us-east-1" in policy
        assert "NAME" not in trusted + policy
