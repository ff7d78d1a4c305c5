"""An embedded AWS in; its RDS out, where databases have the secret of their password, and can be restored.

The emulator knows databases, but neither of these two; all else goes on to it as it came. No server listens at the
address of a database: its secret says where one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

RESTORE, CREATE = "RestoreDBInstanceToPointInTime", "CreateDBInstance"
# What a database that is restored has of the one that it is made of.
INHERITED = {"Engine": "postgres", "DBInstanceClass": "db.t4g.small", "MasterUsername": "csvgate", "DBName": "csvgate"}
INSTANCE = re.compile(r"<DBInstance>.*?<DBInstanceIdentifier>(?P<name>[^<]+)<.*?(?=</DBInstance>)", re.DOTALL)
# What it says itself of the one parameter that is there for other databases only.
REFUSED = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameterCombination</Code><Message>"
    "ManageMasterUserPassword applies to RDS for Oracle only.</Message></Error></ErrorResponse>"
)
SECRET = "<MasterUserSecret><SecretArn>{}</SecretArn><SecretStatus>active</SecretStatus></MasterUserSecret>"


class Answer(NamedTuple):
    """What is answered, by whomever."""

    status: int
    text: str


@contextmanager
def beside(endpoint_url: str, secrets: Mapping[str, str]) -> Iterator[str]:
    """The address of RDS. `secrets`: the ARNs of those that databases have, by the names of these.

    A database that was restored has none until somebody asks for it.
    """

    class Door(_Door):
        emulator = urlsplit(endpoint_url).netloc
        arns = secrets
        without: ClassVar[set[str]] = set()

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Door(BaseHTTPRequestHandler):
    emulator: str
    arns: Mapping[str, str]
    without: ClassVar[set[str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = dict(parse_qsl(body))
        if asked["Action"] == "ModifyDBInstance" and asked.get("ManageMasterUserPassword") == "true":
            self.without.discard(asked["DBInstanceIdentifier"])
        status, text = self._restored(asked) if asked["Action"] == RESTORE else self._passed_on(body)
        answer = INSTANCE.sub(self._with_secret, text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _restored(self, asked: dict[str, str]) -> Answer:
        """A database of that name, if there is the one that it is made of."""
        if "ManageMasterUserPassword" in asked:
            return Answer(400, REFUSED)
        source, target = (asked.pop(f"{which}DBInstanceIdentifier") for which in ("Source", "Target"))
        known = {"Version": asked["Version"], "DBInstanceIdentifier": source}
        there = self._passed_on(urlencode({**known, "Action": "DescribeDBInstances"}))
        if there.status != 200:
            return there
        self.without.add(target)
        wanted = {**INHERITED, **asked, "Action": CREATE, "DBInstanceIdentifier": target}
        status, text = self._passed_on(urlencode(wanted))
        return Answer(status, text.replace(CREATE, RESTORE))

    def _with_secret(self, found: re.Match[str]) -> str:
        arn = None if found["name"] in self.without else self.arns.get(found["name"])
        return found[0] + (SECRET.format(arn) if arn else "")

    def _passed_on(self, body: str) -> Answer:
        names = ("Authorization", "Content-Type", "X-Amz-Date")
        with closing(HTTPConnection(self.emulator)) as connection:
            connection.request("POST", "/", body, {name: self.headers[name] for name in names})
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""
