"""A resource of CloudFormation in, what Terraform has to plan for it out, in the words of Terraform's provider.

Each translation takes every property that it knows away; one that is left has no translation, and that is an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.infra import parity_functions, parity_storage, parity_telling
from tests.infra.parity_words import Planned, Properties
from tests.infra.references import references, resolved, role_name

TRANSLATIONS = parity_functions.TRANSLATIONS | parity_storage.TRANSLATIONS | parity_telling.TRANSLATIONS


def translated(resources: Mapping[str, Any]) -> list[Planned]:
    """What Terraform has to plan for these resources, as `render` gives them."""
    known = references(resources)
    return [planned for name, resource in resources.items() for planned in _translate(name, resolved(resource, known))]


def _translate(logical: str, resource: Properties) -> list[Planned]:
    kind, properties = resource["Type"].removeprefix("AWS::"), dict(resource.get("Properties", {}))
    if kind == "IAM::Role":
        properties["RoleName"] = role_name(logical)
    made = list(TRANSLATIONS[kind](properties))
    assert not properties, f"{logical}: no translation for {sorted(properties)}"
    return made


def canonical(value: Any) -> Any:  # noqa: ANN401  # whatever JSON can hold
    """The value without what makes no difference: spelling, order, and what is not set."""
    if isinstance(value, str):
        return _decoded(value)
    if isinstance(value, Mapping):
        made = {key: canonical(child) for key, child in value.items() if key != "vpc_id"}  # AWS knows it by the subnets
        return {key: child for key, child in made.items() if child not in (None, False, 0, "", [], {})}
    if isinstance(value, list | tuple):
        kept = [made for child in value if (made := canonical(child)) not in (None, "", [], {})]
        return kept[0] if len(kept) == 1 else sorted(kept, key=lambda child: json.dumps(child, sort_keys=True))
    return value


def _decoded(text: str) -> Any:  # noqa: ANN401  # the same
    # A document, such as a policy, is a text for Terraform and none for CloudFormation.
    return canonical(json.loads(text)) if text.startswith('{"') else text
