"""Functions of an embedded AWS that are made of images in; their calls, answered by containers of these images, out.

It stands for Lambda where MiniStack hands a call to the address that a variable of the function names. A container asks
for its calls at Lambda's runtime interface, and is what `get-function` says of the function at the time of the call.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from csvgate.local.services import CREDENTIALS, REGION, Services
from tests.infra import engine
from tests.infra.runtime import Call, Handler, Interface

if TYPE_CHECKING:
    from types_boto3_lambda.type_defs import FunctionConfigurationTypeDef


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A container of a function's image."""

    image: str
    container: str
    interface: Interface


class Service(ThreadingHTTPServer):
    """Calls of all functions come here.

    `registry` is what is written in the name of an image, and where that is found.
    """

    def __init__(self, endpoint_url: str, registry: tuple[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), ServiceHandler)
        self.endpoint_url, self.registry = endpoint_url, registry
        self.functions = Services.at(endpoint_url).functions
        self.running: dict[str, Running] = {}
        self.ran: list[tuple[str, str]] = []
        self.lock = Lock()

    @property
    def address(self) -> str:
        """What a function's variable is to say."""
        return f"http://127.0.0.1:{self.server_port}"

    def interface(self, name: str) -> Interface:
        """That of a container of the image which the function is made of now."""
        found = self.functions.get_function(FunctionName=name)
        image = found["Code"]["ImageUri"]
        with self.lock:
            if name not in self.running or self.running[name].image != image:
                self._stop(name)
                self.running[name] = self._start(found["Configuration"], image)
                self.ran.append((name, image))
            return self.running[name].interface

    def stop_all(self) -> None:
        """No container is left."""
        for name in tuple(self.running):
            self._stop(name)

    def _start(self, told: FunctionConfigurationTypeDef, image: str) -> Running:
        interface = Interface()
        command = " ".join(told["ImageConfigResponse"]["ImageConfig"]["Command"])
        given = told["Environment"]["Variables"] | {
            "AWS_LAMBDA_RUNTIME_API": interface.address,
            "AWS_LAMBDA_FUNCTION_NAME": told["FunctionName"],
            "AWS_ENDPOINT_URL": self.endpoint_url,
            **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), CREDENTIALS.access_key),
            **dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), REGION),
        }
        options = " ".join(f"--env '{name}={value}'" for name, value in given.items())
        called = image.replace(*self.registry)
        container = engine.run(
            f"docker run --detach --network host --read-only --tmpfs /tmp {options} {called} {command}",
            Path.cwd(),
            os.environ,
        )
        return Running(image=image, container=container.strip(), interface=interface)

    def _stop(self, name: str) -> None:
        if old := self.running.pop(name, None):
            engine.run(f"docker rm --force {old.container}", Path.cwd(), os.environ)
            old.interface.shutdown()
            old.interface.server_close()


class ServiceHandler(Handler):
    """POST an event."""

    server: Service

    def do_POST(self) -> None:  # noqa: N802  so the library calls it
        """What the function answered."""
        named, request_id, deadline_ms, function = (
            self.headers[f"X-Amzn-Lambda-{name}"]
            for name in ("Function-Name", "Request-Id", "Deadline-Ms", "Function-Arn")
        )
        call = Call(event=self.body(), request_id=request_id, deadline_ms=deadline_ms, function=function)
        self.server.interface(named).calls.put(call)
        seconds = int(deadline_ms) / 1000 - time.time()
        self.say(*call.answer.result(timeout=max(seconds, 1)))


@contextmanager
def served(endpoint_url: str, registry: tuple[str, str]) -> Iterator[Service]:
    """Calls are answered as long as the block lasts."""
    with Service(endpoint_url, registry) as service:
        Thread(target=service.serve_forever, daemon=True).start()
        try:
            yield service
        finally:
            service.stop_all()
            service.shutdown()
