"""A Delivery and what is to happen with it in, the conditional writes of DynamoDB out: decided here, made elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from csvgate.aws import dynamodb_items as items
from csvgate.aws.dynamodb_items import Item
from csvgate.ports import FINAL_STATES, Delivery, Standing

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


def record(delivery: Delivery) -> Write:
    """The delivery is what it became, and nobody's claim any more: unless it was final before."""
    attributes = items.delivery_attributes(delivery)
    return {
        "Key": items.delivery_key(delivery.delivery_id),
        "ConditionExpression": _NOT_FINAL,
        # Claims alone count attempts; who records may have heard of fewer.
        **_rewrite(attributes, attempts="if_not_exists(#attempts, :attempts)", values=_FINAL),
    }


def lead(delivery: Delivery, standing: Standing) -> Write:
    """The delivery is the head of its key, as far as its standing allows."""
    return {
        "Item": items.head_item(delivery),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        **(_if_higher(delivery) if standing.how == "by-sequencer" else _if_as_seen(standing.seen)),
    }


def _if_higher(delivery: Delivery) -> Write:
    """A head without a sequencer has no `order`: nothing is higher than what is not there."""
    return {
        "ConditionExpression": "attribute_not_exists(pk) OR #delivery_id = :id OR #order < :order",
        "ExpressionAttributeNames": {"#delivery_id": "delivery_id", "#order": "order"},
        "ExpressionAttributeValues": {":id": {"S": delivery.delivery_id}, ":order": {"S": delivery.arrival.order}},
    }


def _if_as_seen(seen: str | None) -> Write:
    if seen is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "#delivery_id = :seen",
        "ExpressionAttributeNames": {"#delivery_id": "delivery_id"},
        "ExpressionAttributeValues": {":seen": {"S": seen}},
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
