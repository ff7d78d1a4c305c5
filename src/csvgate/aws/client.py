"""A service's name and where it is in, a boto3 client out: configured once, made once, used by all threads."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NotRequired, Required, TypedDict, Unpack, overload

import boto3
import botocore.session
from botocore.client import BaseClient
from botocore.config import Config

from csvgate.aws.errors import translated
from csvgate.loopback import is_loopback

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient
    from types_boto3_sts import STSClient

ATTEMPTS = 5
CONNECT_SECONDS = 5
READ_SECONDS = 60
# A hung call may not outlive the function that makes it, so that there is time for another attempt;
# a long poll (20 s) and a function that is invoked take longer.
READ_SECONDS_OF = {"dynamodb": 10, "secretsmanager": 10, "s3": 20, "sqs": 30, "lambda": 900}
CONNECTIONS = 32
REGIONAL = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}

# Clients may be shared by threads, but a session may not make two of them at the same time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """Keys that are given, not found: those of an emulator, or of a `.env` file."""

    access_key: str
    secret_key: str
    session_token: str | None = None


class Where(TypedDict):
    """Which AWS is meant; without an endpoint the real one, without credentials those that every AWS tool finds."""

    endpoint_url: Required[str | None]
    region: Required[str | None]
    credentials: NotRequired[Credentials | None]


@overload
def client(service: Literal["s3"], **where: Unpack[Where]) -> S3Client: ...
@overload
def client(service: Literal["sqs"], **where: Unpack[Where]) -> SQSClient: ...
@overload
def client(service: Literal["dynamodb"], **where: Unpack[Where]) -> DynamoDBClient: ...
@overload
def client(service: Literal["logs"], **where: Unpack[Where]) -> CloudWatchLogsClient: ...
@overload
def client(service: Literal["cloudformation"], **where: Unpack[Where]) -> CloudFormationClient: ...
@overload
def client(service: Literal["lambda"], **where: Unpack[Where]) -> LambdaClient: ...
@overload
def client(service: Literal["cloudwatch"], **where: Unpack[Where]) -> CloudWatchClient: ...
@overload
def client(service: Literal["sns"], **where: Unpack[Where]) -> SNSClient: ...
@overload
def client(service: Literal["events"], **where: Unpack[Where]) -> EventBridgeClient: ...
@overload
def client(service: Literal["secretsmanager"], **where: Unpack[Where]) -> SecretsManagerClient: ...
@overload
def client(service: Literal["stepfunctions"], **where: Unpack[Where]) -> SFNClient: ...
@overload
def client(service: Literal["sts"], **where: Unpack[Where]) -> STSClient: ...
def client(service: str, **where: Unpack[Where]) -> Any:
    """The client of the service, the same one for the same arguments."""
    with _one_at_a_time, translated():
        return _made(service, where["endpoint_url"], where["region"], where.get("credentials"))


@functools.cache
def _made(service: str, endpoint_url: str | None, region: str | None, credentials: Credentials | None) -> BaseClient:
    own = credentials and endpoint_url and is_loopback(endpoint_url)
    session = _own_session(region, credentials) if own else _session(region, credentials)
    make: Any = session.client  # typed by one overload per service, none for a plain str
    made: BaseClient = make(service, endpoint_url=endpoint_url, config=_config(service, endpoint_url))
    return made


@functools.cache
def _session(region: str | None, credentials: Credentials | None) -> boto3.Session:
    if credentials is None:
        return boto3.Session(region_name=region)
    keys = (credentials.access_key, credentials.secret_key, credentials.session_token)
    return boto3.Session(*keys, region_name=region)


@functools.cache
def _own_session(region: str | None, credentials: Credentials) -> boto3.Session:
    """No profile and no file of the person's is read: theirs are for AWS, and may be wrong or missing here."""
    nowhere = dict.fromkeys(("profile", "config_file", "credentials_file"), (None, None, None, None))
    session = botocore.session.Session(session_vars=nowhere)
    session.set_credentials(credentials.access_key, credentials.secret_key, credentials.session_token)
    return boto3.Session(botocore_session=session, region_name=region)


def _config(service: str, endpoint_url: str | None) -> Config:
    common = Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS_OF.get(service, READ_SECONDS),
        max_pool_connections=CONNECTIONS,
        tcp_keepalive=True,
        # A proxy for the world outside cannot reach an emulator on this machine.
        proxies={} if endpoint_url and is_loopback(endpoint_url) else None,
    )
    if service != "s3":
        return common
    # A host name made of bucket and endpoint does not resolve on an emulator. On AWS it is that of the region: signed
    # addresses that name another one are redirected, and browsers follow no redirect of what they ask beforehand.
    style: Any = {"addressing_style": "path"} if endpoint_url else REGIONAL
    return common.merge(Config(signature_version="s3v4", s3=style))
