"""Terraform and CloudFormation make the same: resource by resource, setting by setting, right by right.

Both are asked for the same; what CloudFormation makes is said in Terraform's words, and has to be what it plans.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from csvgate.local import templates
from tests.infra import terraform
from tests.infra.parity import IDENTITIES, canonical, translated
from tests.infra.parity_scenarios import SCENARIOS, Scenario, suite
from tests.infra.parity_words import Planned
from tests.infra.rendering import load, render

pytestmark = [pytest.mark.long, pytest.mark.terraform]

TEMPLATES = (*templates.NAMES, "dashboard")
OF_DATABASE = ("rds", "rds-roles")
Plans = dict[str, list[dict[str, Any]]]

# What differs, and why.
DIFFERENCES = {
    "aws_db_instance csvgate": {"final_snapshot_identifier": "CloudFormation names the last snapshot itself"},
    "aws_sqs_queue csvgate-arrivals-dead": {"max_message_size": "version 5 of the provider takes 262144 at most"},
}
# What only one of them asks for, and why.
PARAMETERS_OF_THEIR_OWN = {
    "ArrivalsQueueUrl": "Terraform asks the queue for its address",
    "CodeBucket": "Terraform sends the zip with the call, or by way of code_bucket",
    "CodeKey": "Terraform names the zip by its content",
    "InspectedQueueUrl": "Terraform asks the queue for its address",
}
VARIABLES_OF_THEIR_OWN = {
    "code_bucket": "CloudFormation knows the zip by bucket and key only",
    "dashboard": "CloudFormation has it as a stack of its own",
    "force_destroy": "CloudFormation keeps buckets, whatever it is asked",
    "package": "CloudFormation reads no file of this machine",
    "tags": "the stack's tags are passed on by CloudFormation itself",
}
# What Terraform says beside: what AWS answers, how names begin that AWS makes, and what stands for the code.
BESIDE = {
    "address",
    "apply_immediately",  # CloudFormation does so by itself
    "arn",
    "endpoint",
    "filename",
    "id",
    "master_user_secret",
    "name_prefix",
    "source_code_hash",
    "url",
}
# The same in blocks: the VPC of subnets, how clients of the proxy speak, and that parameters are set at once.
BESIDE_IN_BLOCKS = {"apply_method", "client_password_auth_type", "vpc_id"}
# What a mock makes up for an answer that nobody needs.
MADE_UP = re.compile(r"[a-z0-9]{8}")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Plans:
    """What Terraform plans, by scenario."""
    own = terraform.installed(tmp_path_factory.mktemp("parity"))
    (own.folder / "tests" / "parity.tftest.json").write_text(json.dumps(suite()))
    said = own.lines("test", "-verbose", "-filter=tests/parity.tftest.json")
    return {
        line["@testrun"]: [change for change in line["test_plan"]["resource_changes"] if change["mode"] == "managed"]
        for line in said
        if line["type"] == "test_plan"
    }


def wanted(scenario: Scenario) -> list[Planned]:
    """What all templates together make, as Terraform would say it."""
    given = dict.fromkeys(TEMPLATES, scenario.parameters)
    if scenario.database is not None:
        given |= dict.fromkeys(OF_DATABASE, scenario.database)
    return translated({key: made for name in given for key, made in made_by(name, given[name]).items()})


def made_by(template: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """What one template makes, which takes those parameters that it has."""
    asked = load(template)["Parameters"]
    return render(template, **{key: value for key, value in parameters.items() if key in asked})


def name_of(kind: str, made: Mapping[str, Any], identity: tuple[str, ...]) -> str:
    """By what the resource is known."""
    return " ".join([kind, *(str(made[attribute]) for attribute in identity)])


def found(change: Mapping[str, Any], identities: Mapping[str, tuple[str, ...]]) -> str:
    """The same; a kind that CloudFormation makes none of is known by its address."""
    kind = change["type"]
    return name_of(kind, change["change"]["after"], identities[kind]) if kind in identities else str(change["address"])


def settings_of(change: Mapping[str, Any]) -> dict[str, Any]:
    """What Terraform plans, without what only AWS says."""
    after = dict(change["change"]["after"])
    for name, blocks in after.items():
        if isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks):
            after[name] = [{key: block[key] for key in block.keys() - BESIDE_IN_BLOCKS} for block in blocks]
    made: dict[str, Any] = canonical(after)
    return made


def differences(asked: Mapping[str, Any], planned: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The settings of one resource on which the two do not agree."""
    beside = {key for key in planned if key in BESIDE or MADE_UP.fullmatch(str(planned[key]))}
    compared = asked.keys() | planned.keys() - beside
    settings = {key: (asked.get(key), planned.get(key)) for key in compared}
    return {key: (there, here) for key, (there, here) in settings.items() if there != here}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_both_make_the_same(scenario: str, plans: Plans) -> None:
    """Nothing is missing, nothing is there beside, and every setting is equal but for those in the list."""
    asked = wanted(SCENARIOS[scenario])
    identities = {kind: (next(iter(made)),) for kind, made in asked} | IDENTITIES
    there = {name_of(kind, made, identities[kind]): canonical(made) for kind, made in asked}
    here = {found(change, identities): settings_of(change) for change in plans[scenario]}
    assert there.keys() == here.keys()
    differ = {name: wrong for name in there if (wrong := differences(there[name], here[name]))}
    listed = {name: known.keys() for name, known in DIFFERENCES.items() if name in there}
    assert {name: wrong.keys() for name, wrong in differ.items()} == listed, differ


def test_all_that_can_be_asked_for_is_compared() -> None:
    """Each parameter and each variable is part of a scenario, or of a list with its reason."""
    parameters = {name for template in TEMPLATES for name in load(template)["Parameters"]}
    asked = {name for scenario in SCENARIOS.values() for name in scenario.parameters}
    assert asked | PARAMETERS_OF_THEIR_OWN.keys() == parameters
    said = {name for scenario in SCENARIOS.values() for name in scenario.variables}
    assert said | VARIABLES_OF_THEIR_OWN.keys() == {variable.name for variable in terraform.variables()}


def test_all_that_can_be_asked_of_the_database_is_compared() -> None:
    """What is the functions' as well, it is told by the module above it."""
    asked = {name for scenario in SCENARIOS.values() for name in scenario.database or ()}
    parameters = {name for template in OF_DATABASE for name in load(template)["Parameters"]}
    assert asked | {"TellTopic", "EventBusName"} == parameters
