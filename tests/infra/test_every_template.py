"""What holds of every template, so that it is deployed as the pages say it: an emulator would take more."""

from __future__ import annotations

import pytest

from csvgate.local import templates
from tests.infra.rendering import load

# What CloudFormation takes of a template that is sent with the call.
LARGEST = 51_200


@pytest.mark.parametrize("name", templates.ALL)
def test_every_output_is_exported_under_the_stacks_name(name: str) -> None:
    """Two deployments in one account do not get in each other's way."""
    for output, given in load(name)["Outputs"].items():
        assert given["Export"]["Name"] == {"Sub": f"${{AWS::StackName}}-{output}"}


@pytest.mark.parametrize("name", templates.ALL)
def test_every_template_is_small_enough_to_be_sent_with_the_call(name: str) -> None:
    assert len(templates.read(name).encode()) <= LARGEST


@pytest.mark.parametrize("name", ["s3", "sqs", "dynamodb", "rds", "dashboard"])
def test_what_makes_no_role_deploys_without_a_word_about_rights(name: str) -> None:
    """AWS refuses a template with a role in it, whatever its condition, until the deployer says CAPABILITY_IAM."""
    kinds = {resource["Type"] for resource in load(name)["Resources"].values()}
    assert not [kind for kind in kinds if "::IAM::" in kind]
