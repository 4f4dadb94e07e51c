"""KMS's API: which operation does what. No grants, imported material, asymmetric or multi-Region keys."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localcloud.aws.kms import rights
from localcloud.aws.kms.aliases import Aliases
from localcloud.aws.kms.encryption import Encryption, taken_apart
from localcloud.aws.kms.errors import incorrect_key, invalid
from localcloud.aws.kms.keys import DAY, Keys, checked_policy
from localcloud.aws.kms.store import Document, Store
from localcloud.aws.ports import Need
from localcloud.aws.protocol import CallContext, ServiceError, unsupported

_ALGORITHM = "SYMMETRIC_DEFAULT"
Operation = Callable[[dict[str, Any], str], dict[str, Any]]
"""(parameters, region) to answer"""


class KmsService:
    """Implements Service, and Vault for the services that encrypt under keys."""

    name = "kms"

    def __init__(self, folder: Path, account: str) -> None:
        self._account = account
        self._store = Store(folder)
        self._keys = Keys(self._store, account)
        self._encryption = Encryption(self._store, self._keys)
        self._aliases = Aliases(self._store, self._keys)

    def close(self) -> None:
        """Closes the store."""
        self._store.close()

    def needs(self, operation: str, params: Mapping[str, Any], context: CallContext) -> Iterable[Need] | None:
        """The rights that an operation takes."""
        if not hasattr(self, f"_{operation}"):
            return None
        return rights.needs(self._keys, self._encryption, operation, params, context)

    async def call(self, operation: str, params: dict[str, Any], context: CallContext) -> dict[str, Any]:
        """Runs an operation."""
        found: Operation | None = getattr(self, f"_{operation}", None) if operation[:1].isupper() else None
        if found is None:
            known = [name[1:] for name in dir(self) if name[:1] == "_" and name[1:2].isupper()]
            raise unsupported("kms", operation, known)
        return found(params, context.region)

    # Vault

    def data_key(self, key: str, region: str, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """A new data key, plain and encrypted under a key (any name of it)."""
        plain = os.urandom(32)
        return plain, self._encryption.encrypt(self._keys.find(key, region), plain, context)

    def opened(self, encrypted: bytes, region: str, context: Mapping[str, str]) -> bytes:
        """A data key that `data_key` gave."""
        sealed = taken_apart(encrypted)
        return self._encryption.decrypt(sealed, self._encryption.key_of(sealed, region), context)

    def need(self, action: str, key: str, region: str, context: Mapping[str, str], service: str) -> Need:
        """The right that a service takes in its caller's name."""
        document = self._keys.find(key, region)
        return rights.key_need(action, document, self._account, context, f"{service}.{region}.amazonaws.com")

    def key_of(self, encrypted: bytes, region: str) -> str:
        """The ARN of the key of an encrypted data key."""
        return str(self._encryption.key_of(taken_apart(encrypted), region)["arn"])

    # Keys

    def _CreateKey(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        return {"KeyMetadata": self._metadata(self._keys.create(params, region))}

    def _DescribeKey(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        return {"KeyMetadata": self._metadata(self._keys.find(params["KeyId"], region))}

    def _ListKeys(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        found = [{"KeyId": key["id"], "KeyArn": key["arn"]} for key in self._keys.list(region)]
        return page("Keys", found, params, 100)

    def _UpdateKeyDescription(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.changeable(params["KeyId"], region)
        self._keys.put(key | {"description": params["Description"]})
        return {}

    def _EnableKey(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        self._keys.switch(self._keys.changeable(params["KeyId"], region), on=True)
        return {}

    def _DisableKey(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        self._keys.switch(self._keys.changeable(params["KeyId"], region), on=False)
        return {}

    def _ScheduleKeyDeletion(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.changeable(params["KeyId"], region)
        key = self._keys.schedule_deletion(key, params.get("PendingWindowInDays", 30))
        shown = {"KeyId": key["arn"], "DeletionDate": _date(key["deletion"])}
        return shown | {"KeyState": key["state"], "PendingWindowInDays": key["window"]}

    def _CancelKeyDeletion(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.changeable(params["KeyId"], region, pending=True)
        self._keys.cancel_deletion(key)
        return {"KeyId": key["arn"]}

    # Rotation

    def _EnableKeyRotation(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.usable(self._keys.changeable(params["KeyId"], region))
        since = (key["rotation"] or {}).get("since", time.time())
        self._keys.put(key | {"rotation": {"period": params.get("RotationPeriodInDays", 365), "since": since}})
        return {}

    def _DisableKeyRotation(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        self._keys.put(self._keys.usable(self._keys.changeable(params["KeyId"], region)) | {"rotation": None})
        return {}

    def _GetKeyRotationStatus(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.find(params["KeyId"], region, by_alias=False)
        rotation = key["rotation"]
        if rotation is None or key["state"] == "PendingDeletion":
            return {"KeyRotationEnabled": False, "KeyId": key["arn"]}
        following = _date(rotation["since"] + rotation["period"] * DAY)
        shown = {"KeyRotationEnabled": True, "KeyId": key["arn"], "NextRotationDate": following}
        return shown | {"RotationPeriodInDays": rotation["period"]}

    # Policies and tags

    def _GetKeyPolicy(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        _only_default(params)
        key = self._keys.find(params["KeyId"], region, by_alias=False)
        return {"Policy": key["policy"], "PolicyName": "default"}

    def _PutKeyPolicy(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        _only_default(params)
        key = self._keys.changeable(params["KeyId"], region)
        self._keys.put(key | {"policy": checked_policy(params["Policy"])})
        return {}

    def _ListKeyPolicies(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        self._keys.find(params["KeyId"], region, by_alias=False)
        return {"PolicyNames": ["default"], "Truncated": False}

    def _TagResource(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.changeable(params["KeyId"], region)
        added = {tag["TagKey"]: tag["TagValue"] for tag in params["Tags"]}
        self._keys.put(key | {"tags": key["tags"] | added})
        return {}

    def _UntagResource(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.changeable(params["KeyId"], region)
        gone = set(params["TagKeys"])
        self._keys.put(key | {"tags": {name: value for name, value in key["tags"].items() if name not in gone}})
        return {}

    def _ListResourceTags(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.find(params["KeyId"], region, by_alias=False)
        tags = [{"TagKey": name, "TagValue": value} for name, value in sorted(key["tags"].items())]
        return page("Tags", tags, params, 50)

    # Aliases

    def _CreateAlias(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        self._aliases.create(params["AliasName"], params["TargetKeyId"], region)
        return {}

    def _UpdateAlias(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        self._aliases.update(params["AliasName"], params["TargetKeyId"], region)
        return {}

    def _DeleteAlias(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        self._aliases.delete(params["AliasName"], region)
        return {}

    def _ListAliases(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        found = self._aliases.list(region, params.get("KeyId"))
        for alias in found:
            alias |= {name: _date(alias[name]) for name in ("CreationDate", "LastUpdatedDate")}
        return page("Aliases", found, params, 50)

    # Encryption

    def _Encrypt(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key = self._keys.find(params["KeyId"], region)
        blob = self._encryption.encrypt(key, params["Plaintext"], params.get("EncryptionContext", {}))
        _checked(params, "EncryptionAlgorithm")
        return {"CiphertextBlob": blob, "KeyId": key["arn"], "EncryptionAlgorithm": _ALGORITHM}

    def _Decrypt(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        key, plain = self._open(params, "KeyId", "EncryptionContext", region)
        _checked(params, "EncryptionAlgorithm")
        return {"KeyId": key["arn"], "Plaintext": plain, "EncryptionAlgorithm": _ALGORITHM}

    def _ReEncrypt(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        source, plain = self._open(params, "SourceKeyId", "SourceEncryptionContext", region)
        target = self._keys.find(params["DestinationKeyId"], region)
        blob = self._encryption.encrypt(target, plain, params.get("DestinationEncryptionContext", {}))
        _checked(params, "SourceEncryptionAlgorithm", "DestinationEncryptionAlgorithm")
        algorithms = {"SourceEncryptionAlgorithm": _ALGORITHM, "DestinationEncryptionAlgorithm": _ALGORITHM}
        return {"CiphertextBlob": blob, "SourceKeyId": source["arn"], "KeyId": target["arn"], **algorithms}

    def _GenerateDataKey(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        spec, size = params.get("KeySpec"), params.get("NumberOfBytes")
        if (spec is None) == (size is None):
            raise invalid("Please specify either number of bytes or key spec.")
        key = self._keys.find(params["KeyId"], region)
        plain = os.urandom(size or {"AES_256": 32, "AES_128": 16}[str(spec)])
        blob = self._encryption.encrypt(key, plain, params.get("EncryptionContext", {}))
        _checked(params)
        return {"CiphertextBlob": blob, "Plaintext": plain, "KeyId": key["arn"]}

    def _GenerateDataKeyWithoutPlaintext(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        answer = self._GenerateDataKey(params, region)
        return {name: value for name, value in answer.items() if name != "Plaintext"}

    def _GenerateRandom(self, params: dict[str, Any], region: str) -> dict[str, Any]:  # noqa: N802
        del region
        if params.get("NumberOfBytes") is None:
            raise invalid("NumberOfBytes is required.")
        return {"Plaintext": os.urandom(params["NumberOfBytes"])}

    def _open(self, params: dict[str, Any], key_name: str, context: str, region: str) -> tuple[Document, bytes]:
        sealed = taken_apart(params["CiphertextBlob"])
        key = self._encryption.key_of(sealed, region)
        if params.get(key_name) and self._keys.find(params[key_name], region)["id"] != key["id"]:
            raise incorrect_key()
        return key, self._encryption.decrypt(sealed, key, params.get(context, {}))

    def _metadata(self, key: Document) -> dict[str, Any]:
        return {
            "AWSAccountId": self._account,
            "KeyId": key["id"],
            "Arn": key["arn"],
            "CreationDate": _date(key["created"]),
            "Enabled": key["state"] == "Enabled",
            "Description": key["description"],
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": key["state"],
            "DeletionDate": _date(key["deletion"]) if "deletion" in key else None,
            "Origin": "AWS_KMS",
            "KeyManager": key["manager"],
            "CustomerMasterKeySpec": _ALGORITHM,
            "KeySpec": _ALGORITHM,
            "EncryptionAlgorithms": [_ALGORITHM],
            "MultiRegion": False,
        }


def page(member: str, items: list[dict[str, Any]], params: Mapping[str, Any], size: int) -> dict[str, Any]:
    """Markers are offsets."""
    marker = params.get("Marker") or "0"
    if not (marker.isascii() and marker.isdigit() and len(marker) < 10):
        raise ServiceError("InvalidMarkerException", "Could not deserialize marker")
    start, size = int(marker), params.get("Limit") or size
    more = start + size < len(items)
    following = str(start + size) if more else None
    return {member: items[start : start + size], "Truncated": more, "NextMarker": following}


def _checked(params: Mapping[str, Any], *algorithms: str) -> None:
    """After all else would have worked: what only AWS's hardware can do, and DryRun, which is an error by design."""
    for name in algorithms:
        if params.get(name, _ALGORITHM) != _ALGORITHM:
            raise ServiceError("InvalidKeyUsageException", f"{params[name]} is not an algorithm of this key.")
    if params.get("Recipient"):
        raise invalid("The local KMS has no attested recipients.")
    if params.get("DryRun"):
        text = "The request would have succeeded, but the DryRun option is set."
        raise ServiceError("DryRunOperationException", text)


def _only_default(params: Mapping[str, Any]) -> None:
    if params.get("PolicyName", "default") != "default":
        raise ServiceError("NotFoundException", f"No such policy exists: {params['PolicyName']}")


def _date(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
