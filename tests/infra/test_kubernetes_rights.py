"""What the pods' accounts may do on AWS: as much as the functions' roles, and enough for what they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from flask.testing import FlaskClient

from csvgate.aws.client import client as aws
from csvgate.aws.sqs import SqsQueue
from csvgate.local.deployment import RESULTS_BUCKET, deploy
from csvgate.local.facts import StackFacts
from csvgate.local.services import CREDENTIALS, REGION
from csvgate.settings import Settings, load
from csvgate.stages.call import Duty
from csvgate.web.access import SCOPES, mint
from csvgate.web.opening import application, tokens_of
from csvgate.worker.crew import Crew, gather
from tests.infra.manifests import KUBERNETES, OVERLAYS, of_kind, rendered
from tests.infra.test_permissions import INBOUND, RESULTS, allowed, listed
from tests.infra.test_roles_suffice import guarded, states
from tests.waiting import until_equal
from tests.web.door import said
from tests.world import CLEAN

Policy = dict[str, Any]
# An emulator that checks who may do what.
enforcing = guarded
EMULATED = "000000000000"
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:csvgate/database-a1b2c3"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/0123abcd-0123-0123-0123-0123456789ab"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:csvgate-deliveries"
EVERYTHING = {
    "FeedsUri": "s3://results/config/feeds.yaml",
    "TellTopic": "true",
    "EventBusName": "default",
    "DatabaseUrl": "postgresql://db",
    "ReconcileSchedule": "rate(1 day)",
}


def policy(name: str) -> Policy:
    """The policy as it is given to a role."""
    document: Policy = json.loads((KUBERNETES / "iam" / f"{name}.json").read_text(encoding="utf-8"))
    return document


def rights(name: str) -> set[tuple[str, str]]:
    """What the policy allows, as pairs of action and resource."""
    return {
        (action, resource)
        for statement in policy(name)["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def of_functions(*roles: str, **parameters: str) -> set[tuple[str, str]]:
    """What the roles of the template allow to functions beside their logs, which pods write for their node."""
    found = {pair for role in roles for pair in allowed(role, **parameters) if not pair[0].startswith("logs:")}
    return {(action, TOPIC if resource == "ref:DeliveriesTopic" else resource) for action, resource in found}


def test_workers_may_do_what_the_functions_may() -> None:
    """No more, and no less: those that record also do what a schedule does there."""
    assert rights("inspect") == of_functions("InspectRole", **EVERYTHING)
    assert rights("record") == of_functions("RecordRole", "ReconcileRole", **EVERYTHING)


@pytest.mark.parametrize(
    ("name", "parameters"), [("database", {"DatabaseSecret": SECRET}), ("key", {"KmsKeyArn": KEY})]
)
def test_what_is_needed_only_by_some_is_apart(name: str, parameters: dict[str, str]) -> None:
    """A secret of Secrets Manager, and a key of one's own."""
    assert rights(name) == of_functions("InspectRole", **parameters, **EVERYTHING) - of_functions(
        "InspectRole", **EVERYTHING
    )


def test_only_the_service_writes_into_the_inbound_bucket_and_it_deletes_nothing_there() -> None:
    """Nor may it write a token, with which it would let in whomever it likes."""
    names = ("inspect", "record", "upload", "keda", "database")
    writing = {
        (name, action)
        for name in names
        for action, where in rights(name)
        if where.startswith(INBOUND) and "Put" in action
    }
    assert writing == {("upload", "s3:PutObject")}
    assert not [
        pair
        for name in names
        for pair in rights(name)
        if pair[0].startswith("s3:Delete") and pair[1].startswith(INBOUND)
    ]
    assert {action for action, where in rights("upload") if where == f"{RESULTS}/tokens/*"} == {"s3:GetObject"}


def test_keda_may_count_and_nothing_else() -> None:
    assert {action for action, _ in rights("keda")} == {"sqs:GetQueueAttributes"}
    assert {where.rpartition(":")[2] for _, where in rights("keda")} == {"csvgate-arrivals", "csvgate-inspected"}


@pytest.mark.parametrize("overlay", [each for each in OVERLAYS if each != "local"])
def test_every_account_has_a_role_of_its_own(overlay: str) -> None:
    """Named as the account; the local overlay has keys instead, which no AWS would take."""
    accounts = {
        each["metadata"]["name"]: each["metadata"]["annotations"]
        for each in of_kind(rendered(overlay), "ServiceAccount")
    }
    roles = {name: found["eks.amazonaws.com/role-arn"] for name, found in accounts.items()}
    assert roles == {name: f"arn:aws:iam::123456789012:role/{name}" for name in roles}
    assert {name.removeprefix("csvgate-") for name in roles} - {"migrate"} == {"inspect", "record", "upload"}


def as_user(endpoint_url: str, name: str, given: Policy) -> dict[str, str]:
    """The keys of somebody who may do there what the policy says."""
    text = json.dumps(given).replace("123456789012", EMULATED).replace("eu-central-1", REGION)
    text = text.replace(f"csvgate-arrivals-{EMULATED}-{REGION}", "test-bucket")
    text = text.replace(f"csvgate-results-{EMULATED}-{REGION}", RESULTS_BUCKET)
    iam = boto3.client(
        "iam",
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS.access_key,
        aws_secret_access_key=CREDENTIALS.secret_key,
    )
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=text)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def settings_for(facts: StackFacts, keys: dict[str, str]) -> Settings:
    """As a pod has them."""
    told = {
        "CSVGATE_TARGET": "aws",
        "AWS_ENDPOINT_URL": facts.endpoint_url,
        "AWS_REGION": REGION,
        "S3_BUCKET_NAME": facts.bucket,
        "CSVGATE_RESULTS_BUCKET": facts.results_bucket,
        "SQS_QUEUE_URL": facts.arrivals_queue_url,
        "CSVGATE_ARRIVALS_DEAD_URL": facts.arrivals_dead_url,
        "CSVGATE_INSPECTED_QUEUE_URL": facts.inspected_queue_url,
        "CSVGATE_INSPECTED_DEAD_URL": facts.inspected_dead_url,
    }
    return load({**told, **keys}, Path("nowhere"))


@contextmanager
def working(facts: StackFacts, duty: Duty, given: Policy) -> Iterator[None]:
    """A worker with these rights, until the block ends."""
    crew = Crew(duties=[duty])
    worker = gather(settings_for(facts, as_user(facts.endpoint_url, duty, given)), crew)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        crew.stop.ask()
        thread.join()


def service(facts: StackFacts, given: Policy) -> FlaskClient:
    """The service with these rights, for somebody whom an operator has let in."""
    root = {"AWS_ACCESS_KEY_ID": CREDENTIALS.access_key, "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key}
    text, kept = mint(name="test", scopes=frozenset(SCOPES))
    tokens_of(settings_for(facts, root)).keep(kept)
    client = application(settings_for(facts, as_user(facts.endpoint_url, "upload", given))).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return client


def send_in_parts(client: FlaskClient) -> int:
    """What a browser does with a large file; the status of the last answer."""
    begun = said(client.post("/api/uploads/multipart", json={"name": "parts.csv", "size": len(CLEAN)}))
    url = f"/api/uploads/multipart/{begun['upload_id']}"
    address = said(client.post(f"{url}/addresses", json={"numbers": [1]}))["addresses"][0]
    urlopen(Request(address["url"], data=CLEAN, method="PUT")).close()  # noqa: S310  the emulator's own address
    assert said(client.get(url))["parts"]
    return client.post(f"{url}/complete").status_code


# What a person looks at; the last two are of one delivery.
PAGES = (
    "/api/deliveries",
    "/api/deliveries?state=recorded",
    "/api/deliveries?verdict=ok",
    "/api/deliveries?key=whole.csv",
    "/api/feeds",
    "/api/failures",
    "/deliveries",
    "/failures",
    "/api/deliveries/{}",
    "/api/deliveries/{}/clean",
)


@pytest.mark.long
def test_the_rights_suffice_from_the_upload_to_the_receipt(enforcing: str) -> None:
    """As a stream and in parts, into the catalog, onto the pages, and with a link to the sender."""
    facts = deploy(enforcing, functions=False)
    client = service(facts, policy("upload"))
    assert client.get("/readyz").status_code == 200
    sent = client.post("/api/uploads?name=whole.csv", data=CLEAN, headers={"Idempotency-Key": "once"})
    assert (sent.status_code, send_in_parts(client)) == (201, 201)
    with ExitStack() as workers:
        workers.enter_context(working(facts, "inspect", policy("inspect")))
        workers.enter_context(working(facts, "record", policy("record")))
        until_equal(lambda: states(facts), {"whole.csv": "recorded", "parts.csv": "recorded"})
    delivery_id = said(sent)["delivery_id"]
    seen = [path.format(delivery_id) for path in PAGES]
    assert {path: client.get(path).status_code for path in seen} == dict.fromkeys(seen, 200)
    link = said(client.post(f"/api/deliveries/{delivery_id}/share"))
    assert client.get(link["path"]).status_code == 200


@pytest.mark.long
def test_the_rights_suffice_to_put_back_what_failed(enforcing: str) -> None:
    """A dead letter is about a file that is there by now."""
    facts = deploy(enforcing, functions=False)
    client = service(facts, policy("upload"))
    assert client.post("/api/uploads?name=late.csv", data=CLEAN).status_code == 201
    sqs = aws("sqs", endpoint_url=enforcing, region=REGION, credentials=CREDENTIALS)
    SqsQueue(sqs, facts.arrivals_dead_url).send("late.csv")
    assert said(client.post("/api/failures/redrive", json={}))["redriven"] == 1


@pytest.mark.long
def test_a_right_that_is_missing_would_be_seen(enforcing: str) -> None:
    """Else the test above would prove nothing."""
    less = policy("upload")
    less["Statement"] = [each for each in less["Statement"] if each["Sid"] != "TakeIn"]
    answer = service(deploy(enforcing, functions=False), less).post(
        "/api/uploads", query_string={"name": "a.csv"}, data=CLEAN
    )
    assert answer.status_code >= 500
