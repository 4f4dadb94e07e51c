"""Secrets: names, ARNs, descriptions, tags, policies, deletion; not their values."""

from __future__ import annotations

import re
import secrets
import string
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from localcloud.aws.protocol import ServiceError
from localcloud.aws.secretsmanager.errors import deleted, exists, missing, refused, wrong
from localcloud.aws.secretsmanager.store import Document, Store

_DAY: Final = 86_400.0
_NAME: Final = re.compile(r"[A-Za-z0-9/_+=.@!-]{1,512}")
_LETTERS: Final = string.ascii_letters + string.digits
_SUFFIX: Final = 7  # a hyphen and six characters


class Catalogue:
    """The secrets of all regions of one account. One whose deletion is due is gone when anybody looks for it."""

    def __init__(self, store: Store, account: str) -> None:
        self._store = store
        self._account = account

    def find(self, given: str, region: str) -> Document | None:
        """The secret of a name, an ARN, or an ARN without its last six characters."""
        found = self._store.by_arn(given)
        if found is None:
            prefix = self._prefix(region)
            found = self._store.by_name(region, given.removeprefix(prefix) if given.startswith(prefix) else given)
        if found is not None and found["deletion"] is not None and found["deletion"] <= time.time():
            self._store.remove(found["arn"])
            return None
        return found if found is None or found["region"] == region else None

    def need(self, given: str, region: str, *, dead: bool = False) -> Document:
        """The same, or the error. `dead`: also one that waits for its deletion."""
        found = self.find(given, region)
        if found is None:
            raise missing()
        if found["deletion"] is not None and not dead:
            raise deleted()
        return found

    def create(self, params: Mapping[str, Any], region: str) -> Document:
        """A new secret, not kept yet. Raises ResourceExistsException, InvalidRequestException."""
        name = params["Name"]
        if not _NAME.fullmatch(name):
            allowed = "alphanumeric characters, or any of the following: -/_+=.@!"
            raise ServiceError("ValidationException", f"Invalid name. Must be a valid name containing {allowed}")
        for unknown in ("AddReplicaRegions", "CrossAccountPrimaryARN", "Type"):
            if params.get(unknown):
                raise wrong(f"The local Secrets Manager does not implement {unknown}. Leave it out to deploy here.")
        found = self.find(name, region)
        if found is not None and found["deletion"] is not None:
            text = "You can't create this secret because a secret with this name is already scheduled for deletion."
            raise refused(text)
        if found is not None:
            raise exists(f"The operation failed because the secret {name} already exists.")
        suffix = "".join(secrets.choice(_LETTERS) for _ in range(6))
        now = time.time()
        return {
            "arn": f"{self._prefix(region)}{name}-{suffix}", "region": region, "name": name,
            "description": params.get("Description"), "kms": params.get("KmsKeyId") or None,
            "tags": _tags(params.get("Tags", ())), "policy": None, "created": now, "changed": now, "accessed": None,
            "deletion": None,
        }  # fmt: skip

    def put(self, document: Document) -> None:
        """Keeps a new or changed secret."""
        self._store.put(document)

    def list(self, region: str) -> list[Document]:
        """All secrets of a region."""
        found = (self.find(document["arn"], region) for document in self._store.all(region))
        return [document for document in found if document is not None]

    def accessed(self, document: Document) -> None:
        """Notes the day on which a value was read; AWS knows it no finer."""
        today = time.time() // _DAY * _DAY
        if document["accessed"] != today:
            self.put(document | {"accessed": today})

    def delete(self, params: Mapping[str, Any], region: str) -> dict[str, Any]:
        """DeleteSecret: {arn, name, deletion}."""
        force, days = params.get("ForceDeleteWithoutRecovery"), params.get("RecoveryWindowInDays")
        if force and days is not None:
            raise wrong("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
        if days is not None and not 7 <= days <= 30:
            raise wrong("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
        given = params["SecretId"]
        found = self.find(given, region)
        now = time.time()
        if force:
            if found is None:  # as on AWS, this is no error
                name = given.removeprefix(self._prefix(region))
                return {"arn": f"{self._prefix(region)}{name}", "name": name, "deletion": now}
            self._store.remove(found["arn"])
            return found | {"deletion": now}
        document = self.need(given, region)
        changed = document | {"deletion": now + (days or 30) * _DAY}
        self.put(changed)
        return changed

    def restore(self, given: str, region: str) -> Document:
        """RestoreSecret."""
        document = self.need(given, region, dead=True) | {"deletion": None}
        self.put(document)
        return document

    def tag(self, given: str, region: str, added: Iterable[Mapping[str, str]], removed: Iterable[str]) -> None:
        """TagResource and UntagResource."""
        document, gone = self.need(given, region), set(removed)
        tags = document["tags"] | _tags(added)
        self.put(document | {"tags": {name: value for name, value in tags.items() if name not in gone}})

    def set_policy(self, given: str, region: str, policy: str | None, *, block_public: bool = False) -> Document:
        """PutResourcePolicy and DeleteResourcePolicy."""
        document = self.need(given, region)
        if policy is not None:
            _check_policy(policy, block_public=block_public)
        document = document | {"policy": policy}
        self.put(document)
        return document

    def _prefix(self, region: str) -> str:
        return f"arn:aws:secretsmanager:{region}:{self._account}:secret:"


def _tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {tag.get("Key", ""): tag.get("Value", "") for tag in tags}


def _check_policy(text: str, *, block_public: bool) -> None:
    try:
        found = orjson.loads(text)
        statements = found["Statement"]
        listed = statements if isinstance(statements, list) else [statements]
        open_ones = [one for one in listed if one["Effect"] == "Allow" and _anybody(one.get("Principal"))]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise ServiceError("MalformedPolicyDocumentException", "This resource policy is not a valid policy.") from None
    if block_public and any("Condition" not in one for one in open_ones):
        raise ServiceError("PublicPolicyException", "This resource policy grants access to everybody.")


def _anybody(principal: Any) -> bool:
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return named == "*" or (isinstance(named, list) and "*" in named)
