"""The address of an emulator in, the whole pipeline deployed into it out: with the templates that AWS gets."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

from csvgate.aws.errors import translated
from csvgate.local import cloudformation, package, templates, verification
from csvgate.local.cloudformation import Plan
from csvgate.local.facts import StackFacts, Trigger
from csvgate.local.services import REGION, Services, require_local

Progress = Callable[[str], None]

BUCKET = "test-bucket"
RESULTS_BUCKET = "csvgate-results"
CODE_BUCKET = "csvgate-code"
# The functions share this machine with everything else; on AWS each call has its own.
CONCURRENCY = {"InspectConcurrency": "4", "RecordConcurrency": "2"}


class Choices(TypedDict, total=False):
    """What a stack may be told; what is left out is as usual.

    bucket, trigger: where files arrive, and who is told of it.
    functions: whether there are any; without them, both stages are left to workers.
    database_url, feeds_uri: where rows go, and what says which ones; empty for nowhere, and for all.
    """

    bucket: str
    trigger: Trigger
    functions: bool
    database_url: str
    feeds_uri: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """The functions' zip where CloudFormation finds it; its key changes with its content."""

    key: str
    sha256: str


def quietly(_: str) -> None:
    """Nobody wants to know how far it is."""


def deploy(endpoint_url: str, *, progress: Progress = quietly, **choices: Unpack[Choices]) -> StackFacts:
    """The pipeline is in the emulator and complete, whatever was there before; the answer is where it is found."""
    require_local(endpoint_url)
    services = Services.at(endpoint_url)
    with translated():
        code = _code(services, progress) if choices.get("functions", True) else None
        if code is None:
            cloudformation.remove(services.cloudformation, "csvgate-pipeline")
        apply_all = partial(_apply_all, partial(_apply, services, progress), choices, code)
        facts = _facts(endpoint_url, apply_all())
        progress("checking what was deployed")
        code_sha256 = code.sha256 if code else None
        if verification.missing(services, facts, code_sha256):
            progress("something is missing: deploying the functions and the buckets anew")
            _take_down(services)
            facts = _facts(endpoint_url, apply_all())
            verification.verify(services, facts, code_sha256)
    return replace(
        facts,
        trigger=choices.get("trigger", "queue"),
        database_url=choices.get("database_url") or None,
        feeds=choices.get("feeds_uri") or None,
    )


def _take_down(services: Services) -> None:
    """The stacks that hold nothing which cannot be made again are gone; buckets stay, and are taken over."""
    for name in ("s3", "pipeline"):
        cloudformation.remove(services.cloudformation, f"csvgate-{name}")


def _apply_all(apply: Callable[..., dict[str, str]], choices: Choices, code: Code | None) -> dict[str, str]:
    """The four stacks, each told of what came out of those before; all their outputs."""
    bucket, trigger = choices.get("bucket", BUCKET), choices.get("trigger", "queue")
    names = {"BucketName": bucket, "ResultsBucketName": RESULTS_BUCKET}
    queues = apply("sqs", BucketName=bucket)
    tables = apply("dynamodb", DeletionProtection="false")
    functions = apply("pipeline", **names, **_pipeline(choices, code, queues)) if code else {}
    buckets = apply(
        "s3",
        **names,
        TargetQueueArn=queues["ArrivalsQueueArn"] if trigger == "queue" else "",
        TargetFunctionArn=functions["InspectFunctionArn"] if trigger == "function" else "",
    )
    return queues | tables | functions | buckets


def _pipeline(choices: Choices, code: Code, queues: Mapping[str, str]) -> dict[str, str]:
    """What the functions are told."""
    return {
        **CONCURRENCY,
        "CodeBucket": CODE_BUCKET,
        "CodeKey": code.key,
        "Trigger": choices.get("trigger", "queue"),
        "DatabaseUrl": choices.get("database_url", ""),
        "FeedsUri": choices.get("feeds_uri", ""),
        "ArrivalsQueueUrl": queues["ArrivalsQueueUrl"],
        "InspectedQueueUrl": queues["InspectedQueueUrl"],
    }


def _apply(services: Services, progress: Progress, name: str, **parameters: str) -> dict[str, str]:
    progress(f"deploying {name}.yaml")
    plan = Plan(
        stack=f"csvgate-{name}",
        template=templates.read(name),
        parameters=parameters,
        found=_buckets_found(services, parameters) if name == "s3" else {},
    )
    return cloudformation.apply(services.cloudformation, plan)


def _buckets_found(services: Services, parameters: dict[str, str]) -> dict[str, str]:
    """Those buckets of s3.yaml that are there already, by their logical names."""
    wanted = {"InboundBucket": parameters["BucketName"], "ResultsBucket": parameters["ResultsBucketName"]}
    there = _all_buckets(services)
    return {name: bucket for name, bucket in wanted.items() if bucket in there}


def _all_buckets(services: Services) -> set[str]:
    return {bucket["Name"] for bucket in services.s3.list_buckets()["Buckets"]}


def _code(services: Services, progress: Progress) -> Code:
    progress("packing the functions")
    with tempfile.TemporaryDirectory() as scratch:
        archive = package.build(Path(scratch) / "csvgate-lambda.zip").read_bytes()
    digest = hashlib.sha256(archive)
    code = Code(
        key=f"csvgate-lambda-{digest.hexdigest()[:16]}.zip",
        sha256=base64.b64encode(digest.digest()).decode(),
    )
    if CODE_BUCKET not in _all_buckets(services):
        services.s3.create_bucket(Bucket=CODE_BUCKET)
    services.s3.put_object(Bucket=CODE_BUCKET, Key=code.key, Body=archive)
    return code


def _facts(endpoint_url: str, outputs: dict[str, str]) -> StackFacts:
    return StackFacts(
        endpoint_url=endpoint_url,
        region=REGION,
        bucket=outputs["InboundBucketName"],
        results_bucket=outputs["ResultsBucketName"],
        arrivals_queue_url=outputs["ArrivalsQueueUrl"],
        arrivals_dead_url=outputs["ArrivalsDeadQueueUrl"],
        inspected_queue_url=outputs["InspectedQueueUrl"],
        inspected_dead_url=outputs["InspectedDeadQueueUrl"],
        metadata_table=outputs["MetadataTableName"],
        deliveries_table=outputs["DeliveriesTableName"],
        inspect_function=outputs.get("InspectFunctionName", ""),
        record_function=outputs.get("RecordFunctionName", ""),
    )
