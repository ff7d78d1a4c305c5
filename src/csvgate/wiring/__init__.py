"""Settings in, ports and the other doors to the stack out: the one package that knows every adapter.

Adapters are imported late, so that a cold start pays only for what it uses.
"""

from csvgate.wiring.announcing import announce
from csvgate.wiring.clock import now
from csvgate.wiring.database import ask, migrate, prepared
from csvgate.wiring.doors import logs, objects, upload, uploads
from csvgate.wiring.feeds import feeds
from csvgate.wiring.pipeline import ports
from csvgate.wiring.queues import dead_letters, enqueue, inboxes, recorder_dead
from csvgate.wiring.stack import OUTPUTS, complete
from csvgate.wiring.telling import audience, outbox, relay
from csvgate.wiring.tracing import tracer

__all__ = [
    "OUTPUTS",
    "announce",
    "ask",
    "audience",
    "complete",
    "dead_letters",
    "enqueue",
    "feeds",
    "inboxes",
    "logs",
    "migrate",
    "now",
    "objects",
    "outbox",
    "ports",
    "prepared",
    "recorder_dead",
    "relay",
    "tracer",
    "upload",
    "uploads",
]
