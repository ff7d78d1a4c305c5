"""Which call of DynamoDB goes wrong and how in; what the SDK hears instead of the service, out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from tests.world import Killed

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

SENT = "before-send.dynamodb"
Answer = Callable[[AWSPreparedRequest], AWSResponse]


def refusal(status: int, code: str, **more: Any) -> Answer:  # noqa: ANN401  # any member of the answer
    """The service says no, and nothing is done."""
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no", **more}).encode()

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        headers = HTTPHeaders.from_dict({"content-type": "application/x-amz-json-1.0"})
        response: Any = AWSResponse(request.url, status, headers, None)
        response._content = body
        return cast("AWSResponse", response)

    return answer


def reset_before(request: AWSPreparedRequest) -> AWSResponse:
    """The connection breaks before the service has heard anything."""
    raise ConnectionClosedError(endpoint_url=request.url)


def lost_answer(client: DynamoDBClient) -> Answer:
    """The service does it, and the answer is lost."""

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        client._endpoint.http_session.send(request)  # type: ignore[attr-defined]  # below the SDK's own retries
        raise ReadTimeoutError(endpoint_url=request.url)

    return answer


@dataclass(kw_only=True)
class Fault:
    """The calls from `first` on, `times` of them, get this answer instead of the service's."""

    answer: Answer
    first: int = 1
    times: int = 1
    heard: int = 0

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        self.heard += 1
        return self.answer(request) if self.first <= self.heard < self.first + self.times else None


FAULTS: dict[str, Callable[[DynamoDBClient], Answer]] = {
    "throttled": lambda _: refusal(400, "ThrottlingException"),
    "over capacity": lambda _: refusal(400, "ProvisionedThroughputExceededException"),
    "broken": lambda _: refusal(500, "InternalServerError"),
    "unavailable": lambda _: refusal(503, "ServiceUnavailable"),
    "reset before": lambda _: reset_before,
    "answer lost": lost_answer,
}


def killed_before(request: AWSPreparedRequest) -> AWSResponse:
    """The process ends before the service has heard anything."""
    raise Killed


def killed_after(client: DynamoDBClient) -> Answer:
    """The process ends when the service has done it."""

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        client._endpoint.http_session.send(request)  # type: ignore[attr-defined]  # below the SDK's own retries
        raise Killed

    return answer


def half_done(client: DynamoDBClient) -> Answer:
    """Of a batch, the service does the first half, and says that the rest is left."""

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        ((table, wanted),) = json.loads(cast("bytes", request.body))["RequestItems"].items()
        half = (len(wanted) + 1) // 2
        request.body = json.dumps({"RequestItems": {table: wanted[:half]}}).encode()
        request.headers["Content-Length"] = str(len(request.body))
        response: Any = client._endpoint.http_session.send(request)  # type: ignore[attr-defined]
        left = {table: wanted[half:]} if wanted[half:] else {}
        response._content = json.dumps({"UnprocessedItems": left}).encode()
        return cast("AWSResponse", response)

    return answer
