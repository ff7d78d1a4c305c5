"""One file through the real service, both queues and the relay, over an emulator: one trace with every hop."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from csvgate import wiring
from csvgate.local.emulator import Emulator
from csvgate.pipeline.heads import arrival_of
from csvgate.settings import Settings, load
from csvgate.stages.call import Call
from csvgate.stages.chores import spoken
from csvgate.web.access import mint
from csvgate.web.opening import application, tokens_of
from csvgate.worker.crew import STEPS, Crew, call_of
from tests.aws.place import environment_on
from tests.telling.test_webhooks import SECRET, Receiver, receiving
from tests.tracing import Seen
from tests.world import CLEAN

SENDER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
FEEDS = "feeds:\n- name: sales\n  key: '*'\n  sink: parquet\n"
HOPS = [("upload", None), ("inspect", "upload"), ("record", "inspect"), ("load", "record"), ("tell", "record")]


@dataclass(frozen=True, kw_only=True)
class Stack:
    """All that one file needs on its way, and who sees it."""

    settings: Settings
    seen: Seen
    receiver: Receiver

    def upload(self, traceparent: str) -> None:
        """A file comes by the service, as somebody sends it who is traced, too."""
        text, kept = mint(name="test", scopes=frozenset({"upload"}))
        tokens_of(self.settings).keep(kept)
        headers = {"Authorization": f"Bearer {text}", "traceparent": traceparent}
        door = application(self.settings).test_client()
        assert door.post("/api/uploads?name=a.csv", data=CLEAN, headers=headers).status_code == 201

    def work(self, call: Call) -> None:
        """Each stage takes its message from its queue."""
        for duty, inbox in wiring.inboxes(self.settings).items():
            [message] = inbox.receive(limit=10, wait=timedelta(seconds=5), hidden=timedelta(seconds=60))
            assert STEPS[duty](message, call)
            inbox.delete(message)


@contextmanager
def stack_on(endpoint_url: str, folder: Path, announce: str) -> Iterator[Stack]:
    (folder / "feeds.yaml").write_text(FEEDS)
    with receiving() as receiver:
        environment = {
            **environment_on(endpoint_url),
            "CSVGATE_FEEDS": str(folder / "feeds.yaml"),
            "CSVGATE_WEBHOOK_URL": receiver.url,
            "CSVGATE_WEBHOOK_SECRET": f"whsec_{base64.b64encode(SECRET).decode()}",
            "CSVGATE_ANNOUNCE": announce,
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        }
        yield Stack(settings=load(environment, folder), seen=Seen(), receiver=receiver)


@pytest.mark.parametrize("announce", ["always", "never"])
def test_one_file_is_one_trace_from_its_sender_to_whoever_is_told(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, announce: str
) -> None:
    """Told by the service, its message says where it comes from; told by the bucket, the object does."""
    with stack_on(emulator.endpoint_url, tmp_path, announce) as stack:
        monkeypatch.setattr("csvgate.wiring.tracing._collected", lambda _endpoint, _service: stack.seen.tracer)
        stack.upload(SENDER)
        call = call_of(stack.settings, Crew())
        if announce == "never":
            [version] = call.ports.objects.versions(stack.settings.bucket)
            wiring.enqueue(stack.settings)(arrival_of(version))
        stack.work(replace(call, tell=spoken(wiring.relay(stack.settings), call).tell))
    assert stack.seen.hops == HOPS
    assert {f"{trace:032x}" for trace in stack.seen.traces} == {SENDER.split("-")[1]}
    [(_, body)] = stack.receiver.got
    assert json.loads(body)["traceparent"].split("-")[1] == SENDER.split("-")[1]
