"""Names of stacks in, what they say of themselves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csvgate.aws.errors import translated

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

PREFIX = "csvgate-"


def outputs(client: CloudFormationClient, prefix: str = PREFIX) -> dict[str, str]:
    """The outputs of all stacks whose name begins so, by their keys."""
    with translated():
        pages = list(client.get_paginator("describe_stacks").paginate())
    stacks = (stack for page in pages for stack in page["Stacks"] if stack["StackName"].startswith(prefix))
    return {output["OutputKey"]: output["OutputValue"] for stack in stacks for output in stack.get("Outputs", [])}
