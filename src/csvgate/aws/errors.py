"""An error of botocore in, TransientError, AccessRefused or PermanentError out: the one translation.

A code that is not listed is judged by its HTTP status: 5xx again, 401 and 403 refused, other 4xx never again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from csvgate.errors import AccessRefused, CsvgateError, PermanentError, TransientError

# Throttled, overtaken or broken at the other end; credentials that ran out are renewed by role and SSO.
_AGAIN = """
    BandwidthLimitExceeded EC2ThrottledException ExpiredToken ExpiredTokenException IDPCommunicationError
    InternalError InternalFailure InternalServerError InternalServerException InternalServiceError
    KMS.ThrottlingException KmsThrottled LimitExceededException OperationAborted OverLimit PriorRequestNotComplete
    ProvisionedThroughputExceeded ProvisionedThroughputExceededException ReplicatedWriteConflictException
    RequestExpired RequestLimitExceeded RequestThrottled RequestThrottledException RequestTimeTooSkewed RequestTimeout
    RequestTimeoutException ServiceUnavailable ServiceUnavailableException SlowDown ThrottledException Throttling
    ThrottlingError ThrottlingException TooManyRequestsException TransactionConflict TransactionConflictException
    TransactionInProgressException
"""

_REFUSED = """
    AccessDenied AccessDeniedException AllAccessDisabled AuthFailure IncompleteSignature InvalidAccessKeyId
    InvalidClientTokenId InvalidSecurity InvalidToken KMS.AccessDeniedException KmsAccessDenied
    MissingAuthenticationToken MissingAuthenticationTokenException NotAuthorized OptInRequired SignatureDoesNotMatch
    UnauthorizedOperation UnrecognizedClientException
"""

_NEVER = """
    AWS.SimpleQueueService.NonExistentQueue BatchEntryIdsNotDistinct BatchRequestTooLong
    ConditionalCheckFailedException EmptyBatchRequest EncryptionTypeMismatch EntityTooLarge
    IdempotentParameterMismatchException InvalidAddress InvalidArgument InvalidAttributeName InvalidBatchEntryId
    InvalidBucketName InvalidIdFormat InvalidMessageContents InvalidObjectState InvalidParameterException
    InvalidParameterValue InvalidRange InvalidRequest InvalidWriteOffset ItemCollectionSizeLimitExceeded
    ItemCollectionSizeLimitExceededException KMS.DisabledException KMS.NotFoundException KmsDisabled
    KmsInvalidKeyUsage KmsInvalidState KmsNotFound KmsOptInRequired MethodNotAllowed NoSuchBucket NoSuchKey
    NoSuchVersion PermanentRedirect PreconditionFailed QueueDoesNotExist ReceiptHandleIsInvalid
    ResourceNotFoundException TooManyEntriesInBatchRequest TooManyParts TransactionCanceledException
    UnsupportedOperation ValidationError ValidationException
"""

CODES: dict[str, type[CsvgateError]] = {
    **dict.fromkeys(_AGAIN.split(), TransientError),
    **dict.fromkeys(_REFUSED.split(), AccessRefused),
    **dict.fromkeys(_NEVER.split(), PermanentError),
}

# What botocore raises itself, by name: Lambda's runtime may bring an older one that has not all of them.
_BROKEN = """
    ConnectionError HTTPClientError IncompleteReadError ChecksumError FlexibleChecksumError CapacityNotAvailableError
    CredentialRetrievalError MetadataRetrievalError
"""
_NOBODY = """
    NoCredentialsError PartialCredentialsError NoAuthTokenError TokenRetrievalError SSOError LoginError
"""


def _known(names: str) -> tuple[type[Exception], ...]:
    return tuple(getattr(exceptions, name) for name in names.split() if hasattr(exceptions, name))


# The first class that fits decides; a BotoCoreError that fits none is a mistake in the call or the set-up.
_RAISED: tuple[tuple[tuple[type[Exception], ...], type[CsvgateError]], ...] = (
    ((*_known(_BROKEN), ResponseParserError, HTTPError), TransientError),
    (_known(_NOBODY), AccessRefused),
    ((BotoCoreError,), PermanentError),
)
# What to do where the set-up is wrong: the SDK says what it lacks, not where it looks for it.
_ADVICE = {
    "NoRegionError": "no region is set; set AWS_REGION, or choose a profile with AWS_PROFILE",
    "NoCredentialsError": (
        "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile"
        " with AWS_PROFILE"
    ),
}
FOREIGN = (ClientError, BotoCoreError, ResponseParserError, HTTPError)


@contextmanager
def translated() -> Iterator[None]:
    """Nothing of botocore leaves the block: its errors are raised as ours, with the cause kept."""
    try:
        yield
    except FOREIGN as exc:
        raise translation(exc) from exc


def translation(exc: Exception) -> CsvgateError:
    """Our error for one of botocore's; the message names the operation and the code."""
    if isinstance(exc, ClientError):
        return _kind_of(exc)(str(exc))
    kind = next(ours for theirs, ours in _RAISED if isinstance(exc, theirs))
    name = type(exc).__name__
    return kind(_ADVICE.get(name) or f"{name}: {exc}")


def code_of(exc: ClientError) -> str:
    """The error code that the service gave, or the bare status (`404`) where the answer had no body."""
    return exc.response.get("Error", {}).get("Code", "")


def cancellation_reasons(exc: ClientError) -> list[dict[str, Any]]:
    """Why a transaction was cancelled: one reason per write, in order, with code `None` where it was fine."""
    reasons: list[dict[str, Any]] = exc.response.get("CancellationReasons", [])  # type: ignore[assignment]  # untyped
    return reasons


def _kind_of(exc: ClientError) -> type[CsvgateError]:
    code = code_of(exc)
    if code == "TransactionCanceledException":
        return _kind_of_cancellation(exc)
    return CODES[code] if code in CODES else _kind_of_status(exc)


def _kind_of_cancellation(exc: ClientError) -> type[CsvgateError]:
    """Again only if nothing but load or another transaction was in the way."""
    kinds = {_kind_of_reason(reason.get("Code", "None")) for reason in cancellation_reasons(exc)} - {None}
    return TransientError if kinds == {TransientError} else PermanentError


def _kind_of_reason(code: str) -> type[CsvgateError] | None:
    return None if code == "None" else CODES.get(code, PermanentError)


def _kind_of_status(exc: ClientError) -> type[CsvgateError]:
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500 or status in {408, 429}:  # noqa: PLR2004  # HTTP
        return TransientError
    return AccessRefused if status in {401, 403} else PermanentError
