"""Every error that the services may answer with is translated, and none by chance."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import botocore.session
import pytest
from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError
from botocore.retries import standard
from urllib3.exceptions import ProtocolError

from csvgate.aws.errors import CODES, translated, translation
from csvgate.errors import AccessRefused, CsvgateError, PermanentError, TransientError

CALLS = {
    "s3": ["HeadObject", "GetObject", "ListObjectVersions", "PutObject"],
    "sqs": ["SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"],
    "dynamodb": ["GetItem", "PutItem", "UpdateItem", "TransactWriteItems", "BatchGetItem", "Query"],
    "logs": ["FilterLogEvents"],
}
# What the services answer without declaring it (AWS: "Common errors", S3 "Error responses").
UNDECLARED = {
    "SlowDown": TransientError,
    "InternalError": TransientError,
    "ServiceUnavailable": TransientError,
    "RequestTimeout": TransientError,
    "OperationAborted": TransientError,
    "ExpiredToken": TransientError,
    "ExpiredTokenException": TransientError,
    "ThrottlingError": TransientError,
    "TransactionConflict": TransientError,
    "AccessDenied": AccessRefused,
    "AccessDeniedException": AccessRefused,
    "InvalidAccessKeyId": AccessRefused,
    "SignatureDoesNotMatch": AccessRefused,
    "UnrecognizedClientException": AccessRefused,
    "InvalidClientTokenId": AccessRefused,
    "NoSuchBucket": PermanentError,
    "NoSuchVersion": PermanentError,
    "ValidationException": PermanentError,
    "AWS.SimpleQueueService.NonExistentQueue": PermanentError,
}


def client_error(code: str, status: int = 400, **more: object) -> ClientError:
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(answer, "AnyCall")  # type: ignore[arg-type]  # a shorter answer than the real one


def declared() -> list[str]:
    session = botocore.session.get_session()
    models: dict[str, Any] = {service: session.get_service_model(service) for service in CALLS}
    shapes = [
        shape
        for service in CALLS
        for call in CALLS[service]
        for shape in models[service].operation_model(call).error_shapes
    ]
    return sorted({shape.error_code for shape in shapes})


def raised_by_the_wire() -> list[type[BotoCoreError]]:
    """The exceptions of botocore for a connection that fails."""
    kinds = [kind for kind in vars(boto).values() if isinstance(kind, type)]
    return [kind for kind in kinds if issubclass(kind, (boto.ConnectionError, boto.HTTPClientError))]


@pytest.mark.parametrize("code", declared())
def test_every_code_that_a_call_declares_is_listed(code: str) -> None:
    assert code in CODES


@pytest.mark.parametrize("code", standard.ThrottledRetryableChecker._THROTTLED_ERROR_CODES)  # type: ignore[attr-defined]
def test_what_the_sdk_calls_throttling_is_transient(code: str) -> None:
    assert CODES[code] is TransientError


@pytest.mark.parametrize(("code", "kind"), UNDECLARED.items())
def test_well_known_codes_are_listed(code: str, kind: type[CsvgateError]) -> None:
    assert CODES[code] is kind


@pytest.mark.parametrize("kind", raised_by_the_wire())
def test_a_connection_that_fails_is_transient(kind: type[BotoCoreError]) -> None:
    facts = {"endpoint_url": "http://localhost", "error": "reset", "proxy_url": "http://localhost", "request": None}
    assert type(translation(kind(**facts))) is TransientError


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (boto.IncompleteReadError(actual_bytes=1, expected_bytes=2), TransientError),
        (boto.FlexibleChecksumError(error_msg="differs"), TransientError),
        (ProtocolError("broken"), TransientError),
        (boto.NoCredentialsError(), AccessRefused),
        (boto.PartialCredentialsError(provider="env", cred_var="secret"), AccessRefused),
        (boto.ParamValidationError(report="Bucket is missing"), PermanentError),
        (boto.NoRegionError(), PermanentError),
    ],
)
def test_what_the_sdk_raises_itself_is_translated(error: Exception, kind: type[CsvgateError]) -> None:
    assert type(translation(error)) is kind


@pytest.mark.parametrize(
    ("error", "named"), [(boto.NoRegionError(), "AWS_REGION"), (boto.NoCredentialsError(), "AWS_P")]
)
def test_what_is_not_set_up_is_named_as_it_is_set(error: Exception, named: str) -> None:
    assert named in str(translation(error))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (500, TransientError),
        (503, TransientError),
        (599, TransientError),
        (429, TransientError),
        (408, TransientError),
        (401, AccessRefused),
        (403, AccessRefused),
        (400, PermanentError),
        (404, PermanentError),
        (418, PermanentError),
    ],
)
def test_an_unknown_code_is_judged_by_its_status(status: int, kind: type[CsvgateError]) -> None:
    assert type(translation(client_error("NeverHeardOf", status))) is kind


@pytest.mark.parametrize(
    ("reasons", "kind"),
    [
        (["None", "TransactionConflict", "None"], TransientError),
        (["ThrottlingError", "ProvisionedThroughputExceeded"], TransientError),
        (["ValidationError", "None"], PermanentError),
        (["TransactionConflict", "ValidationError"], PermanentError),
        (["ItemCollectionSizeLimitExceeded"], PermanentError),
        ([], PermanentError),
    ],
)
def test_a_cancelled_transaction_is_judged_by_its_reasons(reasons: list[str], kind: type[CsvgateError]) -> None:
    cancelled = client_error("TransactionCanceledException", CancellationReasons=[{"Code": code} for code in reasons])
    assert type(translation(cancelled)) is kind


def test_an_older_botocore_that_has_fewer_errors_will_do() -> None:
    lacking = ["LoginError", "SSOError", "NoAuthTokenError", "TokenRetrievalError", "CapacityNotAvailableError"]
    forget = "".join(f"del exceptions.{name}; " for name in lacking)
    code = f"from botocore import exceptions; {forget}import csvgate.aws.errors"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_cause_and_the_code_are_kept() -> None:
    cause = client_error("SlowDown", 503)
    with pytest.raises(TransientError, match=r"SlowDown.*AnyCall") as raised, translated():
        raise cause
    assert raised.value.__cause__ is cause


def test_our_own_errors_and_mistakes_pass_untouched() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError
    with pytest.raises(PermanentError, match="ours"), translated():
        raise PermanentError("ours")  # noqa: EM101  # a word to find again
