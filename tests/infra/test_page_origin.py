"""The page of an upload service may send parts to the bucket, and no other page may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from csvgate.local import cloudformation, templates
from csvgate.local import emulator as embedded
from csvgate.local.cloudformation import Plan
from csvgate.local.emulator import Emulator
from csvgate.local.services import Services

PAGE = "https://files.example.org"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An empty emulator; it answers every page, whatever the bucket says, so the bucket itself is looked at."""
    with embedded.start(tmp_path_factory.mktemp("own"), port=0) as running:
        yield running


def inbound(services: Services, **parameters: str) -> str:
    """The bucket of a stack with these parameters."""
    plan = Plan(stack="buckets", template=templates.read("s3"), parameters=parameters)
    return cloudformation.apply(services.cloudformation, plan)["InboundBucketName"]


def test_the_page_that_is_named_may_put_and_nobody_else_may_do_anything(own: Emulator) -> None:
    """No header is allowed: the page sends none beyond those that every page may send."""
    services = Services.at(own.endpoint_url)
    with pytest.raises(ClientError, match="NoSuchCORSConfiguration"):
        services.s3.get_bucket_cors(Bucket=inbound(services))
    (rule,) = services.s3.get_bucket_cors(Bucket=inbound(services, PageOrigin=PAGE))["CORSRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"], rule.get("AllowedHeaders")) == ([PAGE], ["PUT"], None)
