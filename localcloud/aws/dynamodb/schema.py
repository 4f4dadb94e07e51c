"""What CreateTable and UpdateTable take, checked as the service checks it."""

from __future__ import annotations

from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from localcloud.aws.dynamodb.errors import invalid, invalid_values, unserved
from localcloud.aws.dynamodb.table import KeyAttribute
from localcloud.aws.protocol import CallContext

_MOST_UNITS: Final = 1_000_000_000_000
_UNSERVED: Final = (
    "GlobalSecondaryIndexes", "GlobalSecondaryIndexUpdates", "GlobalTableSettingsReplicationMode",
    "GlobalTableSourceArn", "GlobalTableWitnessUpdates", "LocalSecondaryIndexes", "MultiRegionConsistency",
    "OnDemandThroughput", "ReplicaUpdates", "ResourcePolicy", "VectorIndexes", "VectorIndexUpdates", "WarmThroughput",
    "DisassociationProtectionEnabled",
)  # fmt: skip


def refuse_unserved(params: dict[str, Any]) -> None:
    """Raises ServiceError where a table is asked for that only AWS has."""
    for name in _UNSERVED:
        if params.get(name):
            raise unserved(name, "create the table without it.")
    if (params.get("StreamSpecification") or {}).get("StreamEnabled"):
        raise unserved("StreamSpecification", "create the table without a stream.")


def key_schema(params: dict[str, Any]) -> tuple[KeyAttribute, KeyAttribute | None]:
    """Partition key and sort key. Raises ServiceError."""
    schema = params["KeySchema"]
    definitions = {found["AttributeName"]: found["AttributeType"] for found in params.get("AttributeDefinitions") or ()}
    names = [element["AttributeName"] for element in schema]
    if len(schema) > 2:
        raise invalid(
            "1 validation error detected: Value at 'keySchema' failed to satisfy constraint: "
            "Member must have length less than or equal to 2"
        )
    if len(names) > len(definitions):
        raise invalid("Invalid KeySchema: Some index key attribute have no definition")
    if any(name not in definitions for name in names):
        raise invalid_values(
            "Some index key attributes are not defined in AttributeDefinitions. "
            f"Keys: [{', '.join(names)}], AttributeDefinitions: [{', '.join(definitions)}]"
        )
    if len(set(names)) != len(names):
        raise invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
    if schema[0]["KeyType"] != "HASH":
        raise invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    if len(schema) == 2 and schema[1]["KeyType"] != "RANGE":
        raise invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
    if len(definitions) != len(schema):
        raise invalid_values(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            "AttributeDefinitions"
        )
    parts = [KeyAttribute(name=name, kind=definitions[name]) for name in names]
    return parts[0], parts[1] if len(parts) == 2 else None


def new_throughput(params: dict[str, Any]) -> tuple[bool, int, int]:
    """Whether on demand, read and write units, for a new table. Raises ServiceError."""
    units = params.get("ProvisionedThroughput")
    if params.get("BillingMode") == "PAY_PER_REQUEST":
        if units:
            raise invalid_values(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            )
        return True, 0, 0
    if not units:
        raise invalid_values(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )
    return False, *bounded(units)


def bounded(units: dict[str, int]) -> tuple[int, int]:
    """Read and write units. Raises ServiceError."""
    for name in ("ReadCapacityUnits", "WriteCapacityUnits"):
        if units[name] > _MOST_UNITS:
            raise invalid(f"Given value {units[name]} for {name} is out of bounds")
    return units["ReadCapacityUnits"], units["WriteCapacityUnits"]


def encryption(params: dict[str, Any], context: CallContext) -> tuple[str | None, str | None]:
    """Type and key of the encryption at rest; both None for the key that AWS owns. Raises ServiceError."""
    wanted = params.get("SSESpecification") or {}
    key = wanted.get("KMSMasterKeyId")
    if not wanted.get("Enabled"):
        if key or wanted.get("SSEType"):
            raise invalid_values("SSEType or KMSMasterKeyId cannot be specified when SSE is not enabled")
        return None, None
    place = f"arn:aws:kms:{context.region}:{context.account}"
    if key is None:
        return "KMS", f"{place}:key/{uuid5(NAMESPACE_URL, f'{place}:alias/aws/dynamodb')}"
    if key.startswith("arn:"):
        return "KMS", key
    return "KMS", f"{place}:{key}" if key.startswith("alias/") else f"{place}:key/{key}"
