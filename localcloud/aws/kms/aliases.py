"""Aliases: a second name of a key, in its region."""

from __future__ import annotations

import re
import time
from typing import Any

from localcloud.aws.kms.errors import missing_alias, pending_deletion
from localcloud.aws.kms.keys import Keys
from localcloud.aws.kms.store import Document, Store
from localcloud.aws.protocol import ServiceError

_NAME = re.compile(r"alias/[a-zA-Z0-9/_-]+")


class Aliases:
    """Create, change, remove, list."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def create(self, name: str, target: str, region: str) -> None:
        """CreateAlias."""
        _check(name)
        key = self._target(target, region)
        if self._store.alias(region, name) is not None:
            text = f"An alias with the name {self._keys.alias_arn(name, region)} already exists"
            raise ServiceError("AlreadyExistsException", text)
        now = time.time()
        self._store.put_alias(region, name, key["id"], now, now)

    def update(self, name: str, target: str, region: str) -> None:
        """UpdateAlias."""
        _check(name)
        found = self._store.alias(region, name)
        if found is None:
            raise missing_alias(self._keys.alias_arn(name, region))
        self._store.put_alias(region, name, self._target(target, region)["id"], found[1], time.time())

    def delete(self, name: str, region: str) -> None:
        """DeleteAlias; the key stays."""
        _check(name)
        if self._store.alias(region, name) is None:
            raise missing_alias(self._keys.alias_arn(name, region))
        self._store.remove_alias(region, name)

    def list(self, region: str, key: str | None) -> list[dict[str, Any]]:
        """ListAliases, of one key if it is given; dates in epoch seconds."""
        wanted = self._keys.find(key, region, by_alias=False)["id"] if key is not None else None
        return [
            {
                "AliasName": name, "AliasArn": self._keys.alias_arn(name, region), "TargetKeyId": target,
                "CreationDate": created, "LastUpdatedDate": updated,
            }
            for name, target, created, updated in self._store.aliases(region)
            if wanted in (None, target)
        ]  # fmt: skip

    def _target(self, given: str, region: str) -> Document:
        key = self._keys.find(given, region, by_alias=False)
        if key["state"] == "PendingDeletion":
            raise pending_deletion(key["arn"])
        return key


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        text = "Alias must start with the prefix \"alias/\" and contain only letters, digits, /, _ and -."  # fmt: skip
        raise ServiceError("InvalidAliasNameException", text)
    if name.startswith("alias/aws/"):
        raise ServiceError("NotAuthorizedException", "Aliases that begin with alias/aws/ belong to AWS's services.")
