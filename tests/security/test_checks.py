"""The upload service against what it may be attacked with; each test has the number of the threat that it is about.

What is about the sizes of requests (5) is in `test_sizes`, about signed addresses (4) in `test_addresses`, and what
the inspector is attacked with (6, 7) in `tests/core` as well. The browser's part (11) is in `tests/browser`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from csvgate.aws.events import encode
from csvgate.aws.letters import of_arrivals
from csvgate.cli.main import csvgate
from csvgate.cli.web import LISTEN
from csvgate.errors import PermanentError, TransientError, UsageError
from csvgate.feeds import load_feeds
from csvgate.memory import MemoryQueue
from csvgate.report.escape import to_json
from csvgate.telling.notices import Audience, Notice
from csvgate.telling.webhooks import address_of
from csvgate.upkeep.redrive import DeadLetters
from csvgate.web.operations import Operation
from csvgate.web.service import TABLE
from tests.web.door import Service, said
from tests.web.test_app import OPEN, OWN_PAGES, path_of
from tests.world import BUCKET, CLEAN, Fault, World

ROOT = Path(__file__).parents[2]
SCHEMA = "fields: [{name: id, type: integer}, {name: näme, type: string}]".encode()
VERBS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
HOSTILE = (
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\win.ini",
    "C:\\evil.csv",
    "a/../../b.csv",
    "a\x00b.csv",
    "a\r\nSet-Cookie: x.csv",
    "\N{RIGHT-TO-LEFT OVERRIDE}vsc.exe",
    "\x1b[31mred.csv",
    "n" * 1024,
    "é" * 1000,
)


@pytest.mark.parametrize("operation", TABLE, ids=lambda operation: f"{operation.method} {operation.path}")
def test_01_no_route_is_open_by_any_verb(operation: Operation) -> None:
    client = Service().app.test_client()
    found = {client.open(path_of(operation), method=verb).status_code for verb in VERBS}
    allowed = {200, 401, 404, 405} if operation.path in OPEN else {401, 403, 404, 405}
    assert found <= allowed
    assert operation.path in OPEN | OWN_PAGES or 401 in found


def test_01_by_default_the_service_listens_on_the_loopback_address_only() -> None:
    assert LISTEN.startswith("127.0.0.1:")
    assert LISTEN in CliRunner().invoke(csvgate, ["web", "--help"]).output


@pytest.mark.parametrize("verb", VERBS)
def test_02_what_is_a_tenants_is_not_there_for_another(verb: str) -> None:
    """Not 403: even that it exists is nobody else's business; `line` says of both that there is nothing."""
    service = Service()
    theirs = service.delivered("acme/a.csv", CLEAN)
    begun = said(service.client(tenant="acme").post("/api/uploads/multipart", json={"name": "b", "size": 3}))
    client = service.client(tenant="beta")

    def answer(operation: Operation, delivery_id: str, upload_id: str) -> tuple[int, int]:
        path = operation.path.replace("{delivery_id}", delivery_id).replace("{upload_id}", upload_id)
        told = client.open(path, method=verb, json={"numbers": [1]})
        assert "acme" not in told.text
        return told.status_code, len(told.data)

    for operation in (each for each in TABLE if "_id}" in each.path):
        found = answer(operation, theirs.delivery_id, begun["upload_id"])
        assert found == answer(operation, "0" * 64, "0" * 32)
        assert found[0] in {404, 405} or operation.path.endswith("/line")


def test_02_what_was_just_sent_is_awaited_also_where_it_is_somebody_elses() -> None:
    service = Service()
    theirs = service.delivered("acme/a.csv", CLEAN)
    client = service.client(tenant="beta")
    pages = [client.get(f"/deliveries/{name}?sent=yes") for name in (theirs.delivery_id, "0" * 64)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].data == pages[1].data


def test_02_lists_and_redrives_know_nothing_of_others() -> None:
    dead, source = MemoryQueue(), MemoryQueue()
    read = partial(of_arrivals, bucket=BUCKET)
    service = Service(dead_letters=(DeadLetters(stage="inspect", inbox=dead, source=source, read=read),))
    dead.send(json.dumps(encode(service.world.objects.put(BUCKET, "acme/a.csv", CLEAN))))
    dead.send("no event at all")
    service.delivered("acme/b.csv", CLEAN)
    client = service.client(tenant="beta")
    assert said(client.get("/api/deliveries?q=acme")) == {"items": [], "next": None}
    assert said(client.post("/api/failures/redrive", json={})) == {
        "redriven": 0,
        "left": 0,
        "unreadable": 0,
        "first": [],
    }
    assert client.get("/metrics").status_code == 403
    assert said(service.client(tenant="acme").post("/api/failures/redrive", json={}))["redriven"] == 1


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_03_a_hostile_name_is_no_part_of_a_key(name: str) -> None:
    service = Service()
    answer = service.client(tenant="acme").post("/api/uploads", query_string={"name": name}, data=CLEAN)
    key = said(answer)["key"]
    assert (answer.status_code, key.startswith("acme/unnamed/"), key.isascii()) == (201, True, True)
    assert service.uploads.metadata[key]["filename"].isascii()


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, CLEAN)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("bomb.csv.gz", gzip.compress(gzip.compress(bytes(50_000_000)))),
        ("bomb.csv", gzip.compress(b"a,b\n" + bytes(80_000_000))),
        ("climbing.zip", zipped("../../a.csv", "b.csv")),
        ("nested.zip", zipped("a.zip", "b.zip")),
    ],
)
def test_06_what_is_packed_to_do_harm_is_rejected(name: str, body: bytes) -> None:
    delivery = Service().delivered(name, body)
    assert (delivery.state, delivery.verdict) == ("rejected", "rejected")


@pytest.mark.parametrize(
    "body", [b"," * 300_000, b'"' + b"x" * 2_000_000, b"\n" * 2_000_000, b"a,b\n1," + b"y" * 3_000_000], ids=range(4)
)
def test_07_whatever_the_shape_there_is_a_verdict_and_a_page_for_it(body: bytes) -> None:
    service = Service()
    delivery = service.delivered("shape.csv", body)
    assert delivery.is_final
    page = service.client().get(f"/deliveries/{delivery.delivery_id}", headers={"Accept": "text/html"})
    assert page.status_code == 200


def test_08_what_somebody_searches_for_is_text_and_no_pattern() -> None:
    service = Service()
    service.delivered("a" * 200 + ".csv", CLEAN)
    hostile = "(a+)+$" * 20
    assert said(service.client().get("/api/deliveries", query_string={"q": hostile}))["items"] == []


def test_09_no_sql_is_put_together_from_text() -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).parent / "ruff"), "check", "--select", "S608", "--isolated", "src"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_10_no_cell_of_a_download_runs_in_a_spreadsheet_unless_it_is_asked_for() -> None:
    service = Service()
    delivery = service.delivered("a.csv", b"id,note\n1,=1+1\n2,@x\n")
    url = f"/api/deliveries/{delivery.delivery_id}/clean"
    guarded, kept = service.client().get(url), service.client().get(f"{url}?formulas=keep")
    assert (b"'=1+1" in guarded.data, b",=1+1" in kept.data, b"'" in kept.data) == (True, True, False)
    assert kept.headers["Content-Disposition"].startswith("attachment;")
    assert kept.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_10_nor_does_one_that_broke_its_contract(encoding: str) -> None:
    feeds = load_feeds(b"feeds: [{name: f, key: '**', contract: c}]", "feeds.yaml", lambda _: SCHEMA)
    service = Service(world=World(feeds=feeds))
    body = 'id;näme\r\n1;Ada\r\nx;"=a;\r\nb"\r\ny;@b\r\n'.encode(encoding)
    delivery = service.delivered("a.csv", body)
    url = f"/api/deliveries/{delivery.delivery_id}/quarantine"
    guarded, kept = service.client().get(url), service.client().get(f"{url}?formulas=keep")
    assert [row[4:] for row in csv.reader(io.StringIO(guarded.data.decode("utf-8-sig"), newline=""))] == [
        ["id", "näme"],
        ["x", "'=a;\r\nb"],
        ["y", "'@b"],
    ]
    as_sent = kept.data.decode(kept.mimetype_params["charset"])
    assert ("id;näme\r\n" in as_sent, ';x;"=a;\r\nb"\r\n' in as_sent) == (True, True)


@pytest.mark.parametrize("path", ["/", "/deliveries", "/nowhere", "/openapi.json", "/static/app.css"])
def test_11_every_answer_forbids_scripts_that_are_not_ours(path: str) -> None:
    with Service().client().get(path, headers={"Accept": "text/html"}) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    forbidden = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
    assert all(part in policy for part in forbidden)
    assert "unsafe" not in policy
    # `same-origin`: with `no-referrer`, browsers do not say from which page a form was sent.
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


@pytest.mark.parametrize("operation", [each for each in TABLE if each.changes], ids=lambda each: each.path)
def test_12_another_site_changes_nothing_with_somebodys_cookie(operation: Operation) -> None:
    service = Service()
    client = service.app.test_client()
    client.set_cookie("csvgate_token", service.token())
    answer = client.open(path_of(operation), method=operation.method, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_13_the_service_fetches_from_no_address_that_it_is_told() -> None:
    taken = {name for operation in TABLE for name in (parameter.name for parameter in operation.parameters)}
    assert not {"url", "uri", "address", "callback", "webhook"} & {name.lower() for name in taken}
    with pytest.raises(UsageError):
        address_of("file:///etc/passwd", "CSVGATE_WEBHOOK_URL")


def test_14_a_cell_is_in_no_log_figure_notice_or_dead_letter() -> None:
    canary, told = "canary-8c1f", list[Notice]()
    service = Service()
    service.world.catalog._audience = Audience(channels=("topic", "webhook"), people_hear="everything")
    body = f"id,name\n1,{canary}\n2,{canary},extra\n".encode()
    service.client().post("/api/uploads?name=a.csv", data=body)
    service.world.finish(*service.world.objects.arrivals)
    delivery = service.world.head("a.csv")
    for path in ("", "/findings", "/clean", "/rejects"):
        service.client().get(f"/api/deliveries/{delivery.delivery_id}{path}")
    told = [*service.world.catalog.outbox.due(service.world.now)]
    assert told
    assert canary not in str(told) + str(service.log) + service.door.metrics.text()
    assert canary not in json.dumps(encode(delivery.arrival))


@pytest.mark.parametrize("key", ["a\nb", "a\x1b[31m", 'a"b', "a\N{LINE SEPARATOR}b", "a\udc80b"])
def test_14_whatever_is_said_in_a_log_it_is_one_line_of_json(key: str) -> None:
    line = to_json({"problem": key}, indent=None)
    assert (json.loads(line)["problem"], line.isascii() or line.isprintable()) == (key, True)


@pytest.mark.parametrize("error", [TransientError, PermanentError, UsageError, RuntimeError])
def test_15_no_error_tells_of_the_inside(error: type[Exception]) -> None:
    inside = "SELECT canary FROM s3://canary-bucket/key"
    service = Service()
    client = service.client()
    client.get("/healthz")
    fault = Fault(at=1, error=lambda: error(inside))  # type: ignore[arg-type]  # made anew for each
    for port in ("objects", "catalog", "view"):
        object.__setattr__(service.door.ports, port, fault.around(getattr(service.door.ports, port)))
    for operation in TABLE:
        fault.calls = 0
        answer = client.open(path_of(operation), method=operation.method, json={"numbers": [1]})
        assert answer.headers["X-Request-Id"]
        # Events go on for ever, and none has happened.
        assert answer.mimetype == "text/event-stream" or "canary" not in answer.text
        answer.close()
    assert {line["status"] for line in service.log} & {500, 503}
