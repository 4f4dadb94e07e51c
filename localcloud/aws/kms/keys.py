"""Keys: how they are named, what state they are in, and what may be changed."""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import uuid4

import orjson

from localcloud.aws.kms.errors import (
    disabled,
    invalid,
    invalid_state,
    missing_alias,
    missing_key,
    pending_deletion,
    unsupported_key,
)
from localcloud.aws.kms.store import Document, Store
from localcloud.aws.protocol import ServiceError

DAY: Final = 86_400.0
_MANAGED: Final = frozenset({"aws/secretsmanager", "aws/dynamodb", "aws/lambda", "aws/sqs", "aws/kinesis"})
_VIA: Final = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")


class Keys:
    """The keys of all regions of one account. A key whose deletion is due is gone when anybody looks for it."""

    def __init__(self, store: Store, account: str) -> None:
        self._store = store
        self._account = account

    def arn(self, key_id: str, region: str) -> str:
        """A key's ARN."""
        return f"arn:aws:kms:{region}:{self._account}:key/{key_id}"

    def alias_arn(self, name: str, region: str) -> str:
        """The ARN of `alias/NAME`."""
        return f"arn:aws:kms:{region}:{self._account}:{name}"

    def find(self, given: str, region: str, *, by_alias: bool = True) -> Document:
        """The key of an id, an ARN, `alias/NAME` or an alias's ARN. Raises NotFoundException."""
        name = given
        if given.startswith("arn:"):
            parts = given.split(":", 5)
            if len(parts) != 6 or parts[2] != "kms":
                raise ServiceError("InvalidArnException", f"Invalid arn {given}")
            if parts[3] != region or parts[4] != self._account:
                raise ServiceError("NotFoundException", f"Invalid arn {parts[3]}")
            name = parts[5].removeprefix("key/")
        if name.startswith("alias/"):
            if not by_alias:
                raise ServiceError("NotFoundException", f"Invalid keyId {name}")
            return self._by_alias(name, region)
        found = self._store.key(name, region)
        if found is not None and found["state"] == "PendingDeletion" and found["deletion"] <= time.time():
            self._store.remove_key(name)
            found = None
        if found is None:
            raise missing_key(self.arn(name, region))
        return found

    def usable(self, document: Document) -> Document:
        """The key itself, if it may encrypt and decrypt now."""
        if document["state"] == "Disabled":
            raise disabled(document["arn"])
        if document["state"] != "Enabled":
            raise pending_deletion(document["arn"])
        return document

    def changeable(self, given: str, region: str, *, pending: bool = False) -> Document:
        """A key that its owner may change: none of AWS's own, and none that waits for its deletion."""
        document = self.find(given, region, by_alias=False)
        if document["manager"] == "AWS":
            text = f"{document['arn']} is an AWS managed key, which only its service may change."
            raise ServiceError("AccessDeniedException", text)
        if document["state"] == "PendingDeletion" and not pending:
            raise pending_deletion(document["arn"])
        return document

    def create(self, params: dict[str, Any], region: str) -> Document:
        """CreateKey."""
        spec = params.get("KeySpec") or params.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
        if spec != "SYMMETRIC_DEFAULT":
            raise unsupported_key(f"the key spec {spec}")
        if params.get("KeyUsage", "ENCRYPT_DECRYPT") != "ENCRYPT_DECRYPT":
            raise unsupported_key(f"the key usage {params['KeyUsage']}")
        if params.get("Origin", "AWS_KMS") != "AWS_KMS" or params.get("CustomKeyStoreId") or params.get("XksKeyId"):
            raise unsupported_key("imported or external key material")
        if params.get("MultiRegion"):
            raise unsupported_key("multi-Region keys")
        policy = params.get("Policy")
        return self._add(
            region,
            description=params.get("Description", ""),
            policy=checked_policy(policy) if policy is not None else self._default_policy(),
            tags={tag["TagKey"]: tag["TagValue"] for tag in params.get("Tags", ())},
        )

    def put(self, document: Document) -> None:
        """Keeps a changed key."""
        self._store.put_key(document["id"], document)

    def list(self, region: str) -> list[Document]:
        """All keys of a region."""
        found = []
        for key_id in self._store.keys(region):
            try:
                found.append(self.find(key_id, region))
            except ServiceError:
                continue  # its deletion was due
        return found

    def switch(self, document: Document, *, on: bool) -> None:
        """EnableKey and DisableKey."""
        self.put(document | {"state": "Enabled" if on else "Disabled"})

    def schedule_deletion(self, document: Document, days: int) -> Document:
        """ScheduleKeyDeletion."""
        if not 7 <= days <= 30:
            raise invalid("PendingWindowInDays must be between 7 and 30 days, inclusive.")
        changed = document | {"state": "PendingDeletion", "deletion": time.time() + days * DAY, "window": days}
        self.put(changed)
        return changed

    def cancel_deletion(self, document: Document) -> None:
        """CancelKeyDeletion: the key is disabled then, as on AWS."""
        if document["state"] != "PendingDeletion":
            raise invalid_state(f"{document['arn']} is not pending deletion.")
        kept = {name: value for name, value in document.items() if name not in ("deletion", "window")}
        self.put(kept | {"state": "Disabled"})

    def _by_alias(self, name: str, region: str) -> Document:
        found = self._store.alias(region, name)
        if found is not None:
            return self.find(found[0], region)
        service = name.removeprefix("alias/")
        if service not in _MANAGED:
            raise missing_alias(self.alias_arn(name, region))
        # AWS makes a service's own key when it is first needed.
        principal = {"AWS": "*"}
        via = f"{service.removeprefix('aws/')}.{region}.amazonaws.com"
        only = {"StringEquals": {"kms:CallerAccount": self._account, "kms:ViaService": via}}
        statement = {"Effect": "Allow", "Principal": principal, "Action": _VIA, "Resource": "*", "Condition": only}
        document = self._add(
            region,
            description=f"Default key that protects what {via.partition('.')[0]} stores when no other key is defined",
            policy=orjson.dumps({"Version": "2012-10-17", "Statement": [statement]}).decode(),
            tags={},
            manager="AWS",
        )
        now = time.time()
        self._store.put_alias(region, name, document["id"], now, now)
        return document

    def _add(
        self, region: str, *, description: str, policy: str, tags: dict[str, str], manager: str = "CUSTOMER"
    ) -> Document:
        key_id, now = str(uuid4()), time.time()
        document: Document = {
            "id": key_id, "arn": self.arn(key_id, region), "region": region, "description": description,
            "policy": policy, "tags": tags, "manager": manager, "state": "Enabled", "created": now, "generation": 1,
            "rotation": {"period": 365, "since": now} if manager == "AWS" else None,
        }  # fmt: skip
        self._store.add_key(key_id, region, document)
        return document

    def _default_policy(self) -> str:
        """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"""
        statement = {
            "Sid": "Enable IAM User Permissions", "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{self._account}:root"}, "Action": "kms:*", "Resource": "*",
        }  # fmt: skip
        document = {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]}
        return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def checked_policy(text: str) -> str:
    """The policy, if it is a JSON object. The lockout safety check is not made: everybody here is the administrator."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not found.get("Statement"):
        raise ServiceError("MalformedPolicyDocumentException", "The policy is no JSON document with statements.")
    return text
