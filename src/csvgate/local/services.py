"""The address of an emulator on this machine in, a client for each service that the stack needs out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from csvgate.aws.client import Credentials, Where, client
from csvgate.errors import UsageError
from csvgate.loopback import is_loopback, lacking_scheme
from csvgate.settings import DUMMY, LOCAL_REGION

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client

REGION = LOCAL_REGION
CREDENTIALS = Credentials(access_key=DUMMY, secret_key=DUMMY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The services of one emulator."""

    cloudformation: CloudFormationClient
    dynamodb: DynamoDBClient
    functions: LambdaClient
    s3: S3Client

    @classmethod
    def at(cls, endpoint_url: str) -> Self:
        """Clients that speak to this endpoint, and nowhere else."""
        where = Where(endpoint_url=endpoint_url, region=REGION, credentials=CREDENTIALS)
        return cls(
            cloudformation=client("cloudformation", **where),
            dynamodb=client("dynamodb", **where),
            functions=client("lambda", **where),
            s3=client("s3", **where),
        )


def require_local(endpoint_url: str) -> None:
    """The endpoint is on this machine, under whatever name: the local stack never touches a real AWS."""
    if problem := lacking_scheme(endpoint_url):
        raise UsageError(problem)
    if not is_loopback(endpoint_url):
        message = (
            f"{endpoint_url} is not on this machine. The local stack is deployed only to an emulator on the"
            " loopback address (http://127.0.0.1:4566, say); docs/how-to/aws.md says how to deploy to AWS."
        )
        raise UsageError(message)
