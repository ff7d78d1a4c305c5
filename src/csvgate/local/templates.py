"""A stack's short name in, the text of its CloudFormation template out: from the wheel, or from the checkout."""

from __future__ import annotations

from pathlib import Path

# The order in which they are deployed: the bucket last, when everything that it notifies is ready.
NAMES = ("sqs", "dynamodb", "pipeline", "s3")
# Deployed by whoever wants them.
BESIDE = ("rds", "rds-roles", "dashboard")
ALL = (*NAMES, *BESIDE)

_PACKAGE = Path(__file__).parents[1]
_IN_WHEEL = _PACKAGE / "infra" / "cloudformation"
_IN_CHECKOUT = _PACKAGE.parents[1] / "infra" / "cloudformation"


def path(name: str) -> Path:
    """Where the template lies."""
    return (_IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT) / f"{name}.yaml"


def read(name: str) -> str:
    """The template, as it is also deployed to AWS."""
    return path(name).read_text(encoding="utf-8")
