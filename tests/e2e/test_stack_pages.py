"""What pages tell somebody with a stack, or with a server, to type: all of it, on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from csvgate import __version__, wiring
from csvgate.aws.client import client
from csvgate.local.emulator import Emulator
from csvgate.local.postgres import Postgres
from csvgate.local.services import CREDENTIALS, REGION
from csvgate.settings import load
from docs.render import DOCUMENTS, ROOT, desk, environment, fences
from tests.aws.place import environment_on
from tests.aws.provision import where
from tests.postgres.provision import make_database
from tests.telling.test_mail import free_port
from tests.waiting import until

pytestmark = pytest.mark.long

# Two files came, of which one is failed; what serves until it is told to stop is told so after some seconds; and that
# the comparison finds the failed file is no failure of the command.
STACK = """set -euo pipefail
source .venv/bin/activate
printf '%s\\n' 'feeds:' '  - {name: orders, key: "in/*", sink: parquet, shape: typed}' > feeds.yaml
csvgate up --detach --feeds feeds.yaml
csvgate put samples/orders.csv --key in/sunday.csv --wait
sed -e '4s/,2,34.50/,two,34.50/' samples/orders.csv > monday.csv
csvgate put monday.csv --key in/monday.csv --wait || [ $? = 3 ]
csvgate() {
  case "$1" in
    worker) timeout --preserve-status 10 csvgate "$@" --listen - ;;
    web) timeout --preserve-status 10 csvgate "$@" --listen "127.0.0.1:$PORT" ;;
    reconcile) command csvgate "$@" || [ $? = 1 ] ;;
    *) command csvgate "$@" ;;
  esac
}
"""
# Names in the pages, and what a reader has in their place.
NAMES = {
    "revoke ID": "revoke $(csvgate token ls | grep Acme | cut -f 1)",
    "3f9ab1c2": "$(csvgate show in/monday.csv | sed -n 's/^delivery_id\\t\\(.\\{8\\}\\).*/\\1/p' || true)",
}


def blocks(need: str) -> list[str]:
    """All commands of that kind, whatever page they are in."""
    texts = [path.read_text(encoding="utf-8") for path in DOCUMENTS]
    return [fence.text for text in texts for fence in fences(text) if fence.need == need]


def said(script: str, directory: Path, **told: str) -> str:
    """What the commands print; each of them has to succeed."""
    given = environment(directory) | told
    done = subprocess.run(["bash", "-c", script], cwd=directory, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_whoever_has_a_stack_types_what_the_pages_say() -> None:
    """Which of them need no account."""
    commands = "\n".join(blocks("stack"))
    for name, meant in NAMES.items():
        commands = commands.replace(name, meant)
    with desk() as directory:
        printed = said(STACK + commands, directory, PORT=str(free_port()))
    assert '"key": "in/monday.csv"' in printed
    assert "redriven\t1" in printed
    assert "Acme, nightly" in printed
    assert f"csvgate {__version__}" in printed


@pytest.mark.curl
def test_whoever_has_an_emulator_of_his_own_uses_it() -> None:
    """It runs on when the stack is forgotten, and what is in it is still found."""
    emulator, stack, later = (block.replace("4588", "$PORT") for block in blocks("emulator"))
    begun = f"set -euo pipefail\nsource .venv/bin/activate\ntrap 'kill $!; wait' EXIT\n{emulator.rstrip()} &\n"
    wait = 'until curl --silent --fail "http://localhost:$PORT/_ministack/health"; do sleep 0.2; done\n'
    with desk() as directory:
        printed = said(begun + wait + stack + "echo forgotten\n" + later, directory, PORT=str(free_port()))
    assert "orders.csv" in printed.partition("forgotten")[2]


# A clone, an administrator, and an init system; the unit is looked at, and run, by the test itself.
SERVER = """set -euo pipefail
make() { rm -rf dist; (cd "$CHECKOUT" && "$OLDPWD/.venv/bin/python" -m hatchling build -d "$OLDPWD/dist"); }
sudo() { "$@"; }
systemctl() { echo "systemctl $*"; }
"""
UNIT = next(
    fence.text for fence in fences((ROOT / "docs/how-to/run-workers.md").read_text()) if fence.language == "ini"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server whose file system begins somewhere else, and the settings that its file names."""

    root: Path
    settings: dict[str, str]

    def here(self, text: str) -> str:
        """What the text says, with the places where they are."""
        return text.replace("/opt/", f"{self.root}/opt/").replace("/etc/", f"{self.root}/etc/")

    def unit(self) -> Path:
        """The unit as its file."""
        file = self.root / "etc" / "csvgate-worker.service"
        file.write_text(self.here(UNIT))
        return file

    def receive(self, key: str, body: bytes) -> None:
        """A file is in the bucket, and its key on the queue."""
        at = where(self.settings["AWS_ENDPOINT_URL"])
        client("s3", **at).put_object(Bucket=self.settings["S3_BUCKET_NAME"], Key=key, Body=body)
        client("sqs", **at).send_message(QueueUrl=self.settings["SQS_QUEUE_URL"], MessageBody=key)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """The worker as the unit begins it: with what its file of settings says, and no more."""
        command = next(line.partition("=")[2] for line in self.here(UNIT).splitlines() if "ExecStart" in line)
        with subprocess.Popen([*command.split(), "--listen", "-"], env=self.settings, cwd="/") as running:
            try:
                yield running
            finally:
                running.kill()


@pytest.fixture
def server(emulator: Emulator, postgres: Postgres, tmp_path: Path) -> Server:
    settings = environment_on(emulator.endpoint_url) | {
        "CSVGATE_TARGET": "aws",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
        "DATABASE_URL": f"{make_database(postgres)}&connect_timeout=9",
    }
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "csvgate.env").write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
    return Server(root=tmp_path, settings=settings)


def test_whoever_has_a_server_installs_and_upgrades_a_worker_there(server: Server) -> None:
    """From its wheel, with what the brackets name; it is migrated, does its work, and ends when it is told to."""
    index = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or "PROXY" in name.upper()}
    with desk() as directory:
        printed = said(SERVER + server.here("\n".join(blocks("server"))), directory, CHECKOUT=str(ROOT), **index)
    assert "systemctl restart csvgate-worker" in printed
    ports = wiring.ports(load(server.settings))
    with server.worker() as worker:
        server.receive("a.csv", b"id,name\n1,Ada\n")
        until(lambda: [delivery.state for delivery in ports.view.newest()] == ["loaded"])
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=25) == 0


def test_a_user_who_may_do_less_makes_the_tables(postgres: Postgres) -> None:
    """Those two statements are all the rights that he needs."""
    database_url = make_database(postgres)
    address = database_url.partition("?")[0]
    (statements,) = blocks("postgresql")
    statements = statements.replace("...", "secret").replace(
        "DATABASE csvgate", f'DATABASE "{address.rpartition("/")[2]}"'
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(statements.encode())
    with desk() as directory:
        said(".venv/bin/csvgate migrate", directory, DATABASE_URL=address.replace("csvgate@", "csvgate_files:secret@"))
    with psycopg.connect(database_url) as connection:
        owner = "SELECT tableowner FROM pg_tables WHERE schemaname = 'csvgate' AND tablename = 'catalog'"
        assert connection.execute(owner).fetchone() == ("csvgate_files",)


@pytest.mark.systemd
def test_the_unit_is_one_that_systemd_takes(server: Server) -> None:
    """What it does not know it would only warn of, and go on without."""
    program = server.root / "opt" / "csvgate" / "bin" / "csvgate"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    command = ["systemd-analyze", "verify", "--man=no", str(server.unit())]
    looked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (looked.returncode, looked.stderr) == (0, "")
