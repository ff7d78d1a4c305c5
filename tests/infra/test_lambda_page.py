"""What the page says of functions made of images, typed against the embedded AWS, whose ECR holds what is pushed.

Stand-ins: ECR's name is written for the emulator's address in what Docker is told; images are for this machine's
processor; `lambda_service` calls the functions that are made of images; certificates of RDS are two words.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from csvgate.local import emulator
from csvgate.local.services import CREDENTIALS, REGION
from docs.render import ROOT, fences
from tests.infra.checkout import Checkout, committed, copied
from tests.infra.lambda_service import Service, served
from tests.waiting import until

pytestmark = [pytest.mark.long, pytest.mark.containers, pytest.mark.clone]

ECR = f"000000000000.dkr.ecr.{REGION}.amazonaws.com"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
    "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
    "AWS_DEFAULT_REGION": REGION,
    "CSVGATE_TARGET": "aws",
}
# The only thing of the template that is another: whom the emulator hands the calls of an image to.
TOLD = "MINISTACK_LAMBDA_PROXY_URL: !If [HasImage, '{address}', !Ref AWS::NoValue]"
HEAD = """
aws() { .venv/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
curl() { (umask 077; echo "of RDS" > build/function/global-bundle.pem); }
make() {
  case "$1" in
    package) .venv/bin/python -m csvgate.local.package build/csvgate-lambda.zip ;;
    *) command make "$@" ;;
  esac
}
"""
DOCKER = """#!/bin/bash
exec {docker} "${{@//{ecr}/{address}}}" < <(sed "s/{ecr}/{address}/g")
"""
ELSEWHERE = re.compile(r" PLATFORM=linux/arm64| --platform linux/arm64")
# What else somebody may have chosen, with a space in it.
CHOSEN = """aws cloudformation deploy --stack-name csvgate-pipeline --capabilities CAPABILITY_IAM \\
  --template-file infra/cloudformation/pipeline.yaml --parameter-overrides ReconcileSchedule="rate(1 day)"
"""
FUNCTIONS = ("process_csv", "record_csv")
KEPT = "account region registry image key"
PARAMETERS = "aws cloudformation describe-stacks --stack-name csvgate-pipeline --query 'Stacks[0].Parameters'"
KIND = (
    "aws lambda get-function --function-name {name} --output text --query '[Configuration.PackageType,Code.ImageUri]'"
)


def commands(page: str, heading: str) -> str:
    """What a section of a page tells to type."""
    text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    (section,) = [part for part in re.split(r"^##+ ", text, flags=re.MULTILINE) if part.startswith(f"{heading}\n")]
    return ELSEWHERE.sub("", "\n".join(fence.text for fence in fences(section) if fence.need == "aws"))


INTO_THE_REGISTRY, INTO_THE_FUNCTIONS, CERTIFICATES, ANEW = (
    commands("containers.md", heading)
    for heading in (
        "Into the registry",
        "Into the functions",
        "With the certificates of RDS",
        "From the zip to the image, and back",
    )
)
# A file that comes while there are no functions, its command behind the one that waits for their end.
MEANWHILE = re.sub(r"(?<=delete-complete --stack-name csvgate-pipeline\n)", "csvgate put samples/kunden.csv\n", ANEW)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """After some commands: what both functions are made of, and what the stack was told."""

    kinds: list[list[str]]
    parameters: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A clone beside an account that runs the zip."""

    clone: Checkout
    service: Service

    def types(self, *texts: str) -> str:
        """What was printed; what the shell knows by name, it knows the next time, too."""
        kept = f"declare -p {KEPT} > kept 2> /dev/null || true"
        return self.clone.run("\n".join((HEAD, "[ ! -e kept ] || . ./kept", *texts, kept)))

    def step(self, key: str, *texts: str) -> Step:
        """What there is when the file is in the catalog."""
        self.types(*texts)
        until(lambda: any(each["key"] == key for each in json.loads(self.types("csvgate ls --json"))))
        told = json.loads(self.types(PARAMETERS))
        return Step(
            kinds=[self.types(KIND.format(name=name)).split() for name in FUNCTIONS],
            parameters={each["ParameterKey"]: each["ParameterValue"] for each in told},
        )


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """The first page was typed."""
    with emulator.start(tmp_path_factory.mktemp("account"), port=0) as running:
        address = running.endpoint_url.removeprefix("http://")
        clone = copied(tmp_path_factory.mktemp("clone"), **ENVIRONMENT, AWS_ENDPOINT_URL=running.endpoint_url)
        committed(clone)
        with served(running.endpoint_url, (ECR, address)) as service:
            prepare(clone.directory, address, service.address)
            beside = {
                **clone.environment,
                "PATH": f"{clone.directory}/bin:{Path(sys.executable).parent}:{clone.environment['PATH']}",
            }
            made = Account(clone=Checkout(directory=clone.directory, environment=beside), service=service)
            made.types(commands("aws.md", "The code"), commands("aws.md", "The four stacks"))
            try:
                yield made
            finally:
                clone.run(f"docker logout {address}")


def prepare(clone: Path, registry: str, calls: str) -> None:
    """The stand-ins are in their places."""
    (clone / ".venv").symlink_to(sys.prefix)
    (clone / "build").mkdir()
    (clone / "bin").mkdir()
    (clone / "bin" / "docker").write_text(DOCKER.format(docker=shutil.which("docker"), ecr=ECR, address=registry))
    (clone / "bin" / "docker").chmod(0o755)
    template = clone / "infra" / "cloudformation" / "pipeline.yaml"
    told = template.read_text().replace(
        "CSVGATE_TARGET: aws\n", f"CSVGATE_TARGET: aws\n          {TOLD.format(address=calls)}\n"
    )
    template.write_text(told)


@pytest.fixture(scope="module")
def steps(account: Account) -> dict[str, Step]:
    """From the zip to the image, to one with certificates of RDS, and back; with each a file is done."""
    return {
        "zip": account.step("orders.csv", CHOSEN, "csvgate put samples/orders.csv"),
        "image": account.step("kunden.csv", INTO_THE_REGISTRY, MEANWHILE),
        "own": account.step("sensors.csv", CERTIFICATES, INTO_THE_FUNCTIONS, "csvgate put samples/sensors.csv"),
        "back": account.step("report.csv", "image=", ANEW, "csvgate put samples/report.csv"),
    }


def test_functions_of_the_pushed_image_do_what_came_while_there_were_none(
    account: Account, steps: dict[str, Step]
) -> None:
    written = json.loads((account.clone.directory / "build" / "images.json").read_text())
    image = written["function"]["image"]
    assert image.startswith(f"{ECR}/csvgate-function@sha256:")
    assert steps["image"].kinds == [["Image", image]] * 2
    assert account.service.ran[:2] == [(name, image) for name in FUNCTIONS]


def test_an_image_of_ones_own_with_the_certificates_of_rds_takes_its_place(
    account: Account, steps: dict[str, Step]
) -> None:
    """Whoever runs there can read them."""
    kind, image = steps["own"].kinds[0]
    assert (kind, steps["own"].kinds[1]) == ("Image", [kind, image])
    assert image != steps["image"].kinds[0][1]
    assert account.service.ran[2:] == [(name, image) for name in FUNCTIONS]
    assert account.types(f"docker run --rm --entrypoint cat {image} /var/task/certificates.pem") == "of RDS\n"


def test_the_way_back_leads_to_the_zip_and_nothing_that_was_chosen_is_lost(steps: dict[str, Step]) -> None:
    assert {kind[0] for kind in steps["back"].kinds} == {kind[0] for kind in steps["zip"].kinds} == {"Zip"}
    assert steps["back"].parameters == steps["zip"].parameters
    assert steps["image"].parameters == steps["zip"].parameters | {"ImageUri": steps["image"].kinds[0][1]}
    assert steps["back"].parameters["ReconcileSchedule"] == "rate(1 day)"
