"""Keys of items: what a table's schema asks of them, and the bytes under which they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from localcloud.aws.dynamodb.errors import invalid, invalid_values
from localcloud.aws.dynamodb.table import KeyAttribute, Table
from localcloud.aws.dynamodb.values import Item, Value, checked_item, kind_of, rank

MOST_HASH_BYTES: Final = 2048
MOST_RANGE_BYTES: Final = 1024
HASH_BYTES: Final = 8
_EMPTY: Final = {"S": "string", "B": "binary"}


@dataclass(frozen=True, slots=True)
class StoredKey:
    """Where an item lies. `partition` starts with a hash, so that a scan has no order that a program could rely on."""

    partition: bytes
    sort: bytes


def partition_bytes(value: Value) -> bytes:
    """Where the items of a partition key lie."""
    plain = rank(value) or b""
    return blake2b(plain, digest_size=HASH_BYTES).digest() + plain


def key_of(table: Table, key: Mapping[str, Any]) -> tuple[StoredKey, Item]:
    """A request's Key. Raises ServiceError."""
    found, _ = checked_item(key)
    if len(found) != len(table.keys) or any(
        attribute.kind not in found.get(attribute.name, ()) for attribute in table.keys
    ):
        raise invalid("The provided key element does not match the schema")
    return stored_key(table, found), found


def stored_key(table: Table, item: Mapping[str, Value]) -> StoredKey:
    """The key of an item whose key attributes have the right types. Raises ServiceError on empty and too long ones."""
    hash_value = item[table.hash_key.name]
    check_part(table.hash_key, hash_value)
    if table.range_key is None:
        return StoredKey(partition_bytes(hash_value), b"")
    range_value = item[table.range_key.name]
    check_part(table.range_key, range_value, is_range=True)
    return StoredKey(partition_bytes(hash_value), rank(range_value) or b"")


def key_of_item(table: Table, item: Mapping[str, Value]) -> StoredKey:
    """The key of a whole item to be written. Raises ServiceError."""
    for attribute in table.keys:
        value = item.get(attribute.name)
        if value is None:
            raise invalid_values(f"Missing the key {attribute.name} in the item")
        if attribute.kind not in value:
            raise invalid_values(
                f"Type mismatch for key {attribute.name} expected: {attribute.kind} actual: {kind_of(value)}"
            )
    return stored_key(table, item)


def key_attributes(table: Table, item: Mapping[str, Value]) -> Item:
    """The key attributes alone."""
    return {attribute.name: item[attribute.name] for attribute in table.keys}


def check_part(attribute: KeyAttribute, value: Value, *, is_range: bool = False) -> None:
    """Raises ServiceError on an empty or too long key."""
    if attribute.kind == "N":
        return
    size = len(rank(value) or b"")
    if size == 0:
        raise invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            f"cannot contain an empty {_EMPTY[attribute.kind]} value. Key: {attribute.name}"
        )
    if is_range and size > MOST_RANGE_BYTES:
        raise invalid_values("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
    if not is_range and size > MOST_HASH_BYTES:
        raise invalid_values("Size of hashkey has exceeded the maximum size limit of2048 bytes")
