"""EventBridge as a Notifier: a notice in, an event on the bus out; its detail is a CloudEvent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from csvgate.aws.errors import CODES, translated
from csvgate.errors import PermanentError
from csvgate.telling.notices import Notice, event

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

SOURCE = "csvgate"


class EventBus:
    """One bus, known by its name or ARN."""

    def __init__(self, client: EventBridgeClient, name: str) -> None:
        self._client = client
        self._name = name

    def notify(self, notice: Notice) -> None:
        """The bus has taken the event."""
        entry: PutEventsRequestEntryTypeDef = {
            "Source": SOURCE,
            "DetailType": f"Delivery {notice.delivery.state}",
            "Detail": json.dumps(event(notice)),
            "EventBusName": self._name,
        }
        with translated():
            answer = self._client.put_events(Entries=[entry])
        # The call succeeds also where the event was not taken.
        for refused in (result for result in answer["Entries"] if result.get("ErrorCode")):
            code = refused["ErrorCode"]
            message = f"the bus {self._name} did not take the event: {code}"
            raise CODES.get(code, PermanentError)(message)
