"""The name of a secret in Secrets Manager in; its text out, as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csvgate.aws.errors import translated
from csvgate.errors import UsageError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient


def text(client: SecretsManagerClient, name: str) -> str:
    """The current version of the secret, known by name or ARN; UsageError where it is no text."""
    with translated():
        found = client.get_secret_value(SecretId=name)
    # The types know no secret of bytes.
    if value := found.get("SecretString"):
        return value
    message = f"the secret {name} is no text"
    raise UsageError(message)
