"""A resource of CloudFormation in, what Terraform has to plan for it out, in the words of Terraform's provider.

Each translation takes every property that it knows away; one that is left has no translation, and that is an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.infra import parity_database, parity_functions, parity_storage, parity_telling
from tests.infra.parity_words import Planned, Properties
from tests.infra.references import SUBNET_GROUP, references, resolved, role_name

TRANSLATIONS = {
    **parity_database.TRANSLATIONS,
    **parity_functions.TRANSLATIONS,
    **parity_storage.TRANSLATIONS,
    **parity_telling.TRANSLATIONS,
}
# By what resources are found that no single name tells apart.
IDENTITIES = {
    "aws_vpc_security_group_egress_rule": ("security_group_id", "description"),
    "aws_vpc_security_group_ingress_rule": ("security_group_id", "description"),
}


def translated(resources: Mapping[str, Any]) -> list[Planned]:
    """What Terraform has to plan for these resources, as `render` gives them."""
    known = references(resources)
    return [planned for name, resource in resources.items() for planned in _translate(name, resolved(resource, known))]


def _translate(logical: str, resource: Properties) -> list[Planned]:
    kind, properties = (
        resource["Type"].removeprefix("AWS::"),
        {**resource.get("Properties", {}), **_names(logical, resource)},
    )
    made = list(TRANSLATIONS[kind](properties))
    assert not properties, f"{logical}: no translation for {sorted(properties)}"
    return made


def _names(logical: str, resource: Properties) -> dict[str, str]:
    """What AWS calls it, where it has no name of its own: as `tests/infra/references.py` has it."""
    match resource["Type"]:
        case "AWS::IAM::Role":
            return {"RoleName": role_name(logical)}
        case "AWS::EC2::SecurityGroup":
            return {"GroupId": f"att:{logical}.GroupId"}
        case "AWS::RDS::DBParameterGroup":
            return {"Name": f"ref:{logical}"}
        case "AWS::RDS::DBSubnetGroup":
            return {"Name": SUBNET_GROUP}
    return {}


def canonical(value: Any) -> Any:  # noqa: ANN401  # whatever JSON can hold
    """The value without what makes no difference: spelling, order, and what is not set."""
    if isinstance(value, str):
        return _decoded(value)
    if isinstance(value, Mapping):
        made = {key: canonical(child) for key, child in value.items()}
        return {key: child for key, child in made.items() if child not in (None, False, 0, "", [], {})}
    if isinstance(value, list | tuple):
        kept = [made for child in value if (made := canonical(child)) not in (None, "", [], {})]
        return kept[0] if len(kept) == 1 else sorted(kept, key=lambda child: json.dumps(child, sort_keys=True))
    return value


def _decoded(text: str) -> Any:  # noqa: ANN401  # the same
    # A document, such as a policy, is a text for Terraform and none for CloudFormation.
    return canonical(json.loads(text)) if text.startswith('{"') else text
