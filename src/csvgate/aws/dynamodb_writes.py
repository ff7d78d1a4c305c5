"""A Delivery and what is to happen with it in, the conditional writes of DynamoDB out: decided here, made elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from csvgate.aws import dynamodb_items as items
from csvgate.aws.dynamodb_items import Item
from csvgate.delivery import FINAL_STATES, Delivery

# The parameters that PutItem, UpdateItem and the members of a transaction have in common, without the table.
Write = dict[str, Any]

_FINAL = {f":{state}": {"S": state} for state in sorted(FINAL_STATES)}
_IS_FINAL = f"#state IN ({', '.join(_FINAL)})"
_NOT_FINAL = f"attribute_not_exists(pk) OR NOT ({_IS_FINAL})"
# What is recorded holds no lease, so a delivery that failed is free at once.
_NO_LEASE = "attribute_not_exists(#lease_until) OR #lease_until <= :now"
_FREE = f"attribute_not_exists(pk) OR (NOT ({_IS_FINAL}) AND ({_NO_LEASE}))"


def claim(delivery: Delivery, *, owner: str, token: str, now: datetime, until: datetime) -> Write:
    """The delivery is ours, one attempt more: if it is new, or neither final nor leased."""
    held = {"owner": owner, "claim": token, "lease_until": items.instant(until)}
    attributes = items.delivery_attributes(delivery) | {name: {"S": value} for name, value in held.items()}
    values = {":now": {"S": items.instant(now)}, ":none": {"N": "0"}, ":one": {"N": "1"}}
    del attributes["attempts"]
    return {
        "Key": items.delivery_key(delivery.delivery_id),
        "ConditionExpression": _FREE,
        **_rewrite(attributes, attempts="if_not_exists(#attempts, :none) + :one", values=_FINAL | values),
    }


def release(delivery_id: str, *, owner: str) -> Write:
    """The claim is gone, if it is ours."""
    return {
        "Key": items.delivery_key(delivery_id),
        "ConditionExpression": "#owner = :owner",
        "UpdateExpression": "REMOVE #owner, #lease_until, #claim",
        "ExpressionAttributeNames": {"#owner": "owner", "#lease_until": "lease_until", "#claim": "claim"},
        "ExpressionAttributeValues": {":owner": {"S": owner}},
    }


def hold(delivery_id: str, *, owner: str, until: datetime) -> Write:
    """The claim holds until then, if it is ours."""
    return {
        "Key": items.delivery_key(delivery_id),
        "ConditionExpression": "#owner = :owner",
        "UpdateExpression": "SET #lease_until = :until",
        "ExpressionAttributeNames": {"#owner": "owner", "#lease_until": "lease_until"},
        "ExpressionAttributeValues": {":owner": {"S": owner}, ":until": {"S": items.instant(until)}},
    }


def loading(delivery: Delivery) -> Write:
    """Its rows are on their way, if it was being inspected; a claim stays as it is."""
    return {
        "Key": items.delivery_key(delivery.delivery_id),
        "ConditionExpression": "#state = :inspecting",
        "UpdateExpression": "SET #state = :loading, #state_day = :state_day",
        "ExpressionAttributeNames": {"#state": "state", "#state_day": "state_day"},
        "ExpressionAttributeValues": {
            ":inspecting": {"S": "inspecting"},
            ":loading": {"S": "loading"},
            ":state_day": {"S": f"loading#{items.day_of(delivery)}"},
        },
    }


def record(delivery: Delivery) -> Write:
    """The delivery is what it became, and nobody's claim any more: unless it was final before."""
    attributes = items.delivery_attributes(delivery)
    return {
        "Key": items.delivery_key(delivery.delivery_id),
        "ConditionExpression": _NOT_FINAL,
        # Claims alone count attempts; who records may have heard of fewer.
        **_rewrite(attributes, attempts="if_not_exists(#attempts, :attempts)", values=_FINAL),
    }


def amend(delivery: Delivery, seen: Delivery) -> Write:
    """The delivery is what its sink made of it, if nothing was done with its rows since it was seen."""
    values: Item = {":seen_state": {"S": seen.state}}
    as_seen = "#state = :seen_state AND attribute_not_exists(#generation)"
    if seen.generation is not None:
        as_seen = "#state = :seen_state AND #generation = :seen_generation"
        values |= {":seen_generation": {"N": str(seen.generation)}}
    return {
        "Key": items.delivery_key(delivery.delivery_id),
        "ConditionExpression": as_seen,
        **_rewrite(items.delivery_attributes(delivery), attempts=":attempts", values=values),
    }


# What a delivery becomes after all, unless its head has outlived a removal since.
_IS_ITSELF = "#delivery_id = :id AND #order = :order"


def lead_if_higher(delivery: Delivery) -> Write:
    """The delivery is the head of its key, if its sequencer is higher; a head without `order` cannot be compared."""
    order = delivery.arrival.order
    return {
        "Item": items.head_item(delivery, order),
        "ConditionExpression": f"attribute_not_exists(pk) OR #order < :order OR ({_IS_ITSELF})",
        "ExpressionAttributeNames": {"#delivery_id": "delivery_id", "#order": "order"},
        "ExpressionAttributeValues": {":id": {"S": delivery.delivery_id}, ":order": {"S": order}},
    }


def lead_if_as_seen(delivery: Delivery, seen: Item | None, order: str = "") -> Write:
    """The delivery is the head of its key, if the head is as it was seen; its order never falls."""
    known = max(order, delivery.arrival.order)
    before = (seen or {}).get("order")
    highest = max(known, before["S"]) if before and known else known
    return {"Item": items.head_item(delivery, highest), **_if_as_seen(seen, before)}


def _if_as_seen(seen: Item | None, order: Item | None) -> Write:
    if seen is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    as_before = "#order = :order" if order else "attribute_not_exists(#order)"
    values = {":seen": seen["delivery_id"]} | ({":order": order} if order else {})
    return {
        "ConditionExpression": f"#delivery_id = :seen AND {as_before}",
        "ExpressionAttributeNames": {"#delivery_id": "delivery_id", "#order": "order"},
        "ExpressionAttributeValues": values,
    }


def _rewrite(attributes: Item, *, attempts: str, values: Item) -> Write:
    """The item holds exactly these attributes afterwards, and `attempts` by its formula."""
    kept = {name: f":{name}" for name in attributes} | {"attempts": attempts}
    sets = ", ".join(f"#{name} = {value}" for name, value in sorted(kept.items()))
    gone = ", ".join(f"#{name}" for name in sorted(items.ATTRIBUTES - kept.keys()))
    return {
        "UpdateExpression": f"SET {sets} REMOVE {gone}",
        "ExpressionAttributeNames": {f"#{name}": name for name in items.ATTRIBUTES},
        "ExpressionAttributeValues": {f":{name}": value for name, value in attributes.items()} | values,
    }
