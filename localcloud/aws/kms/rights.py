"""Which rights KMS's operations take.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from localcloud.aws.kms.encryption import Encryption, taken_apart
from localcloud.aws.kms.errors import incorrect_key
from localcloud.aws.kms.keys import Keys
from localcloud.aws.kms.store import Document
from localcloud.aws.ports import Need
from localcloud.aws.protocol import CallContext

_ACCOUNT_WIDE: Final = frozenset({"CreateKey", "ListKeys", "ListAliases", "GenerateRandom"})
_ALIASES: Final = frozenset({"CreateAlias", "UpdateAlias", "DeleteAlias"})


def key_need(
    action: str, document: Document, account: str, context: Mapping[str, str] | None = None, via: str | None = None
) -> Need:
    """An action on a key. `via`: the service that asks on the caller's behalf, such as secretsmanager.REGION.…"""
    keys: dict[str, Any] = {"kms:CallerAccount": account}
    if via is not None:
        keys["kms:ViaService"] = via
    if context:
        keys |= {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
        keys["kms:EncryptionContextKeys"] = tuple(context)
    return Need(f"kms:{action}", document["arn"], keys, document["policy"], closed=True)


def needs(
    keys: Keys, encryption: Encryption, operation: str, params: Mapping[str, Any], context: CallContext
) -> Iterator[Need]:
    """The rights of one operation. Raises ServiceError where there is no such key, as KMS does."""
    region, account = context.region, context.account
    if operation in _ACCOUNT_WIDE:
        yield Need(f"kms:{operation}", "*")
    elif operation in _ALIASES:
        yield Need(f"kms:{operation}", keys.alias_arn(params["AliasName"], region))
        target = params.get("TargetKeyId") or params["AliasName"]
        yield key_need(operation, keys.find(target, region), account)
    elif operation == "Decrypt":
        document = encryption.key_of(taken_apart(params["CiphertextBlob"]), region)
        if params.get("KeyId") and keys.find(params["KeyId"], region)["id"] != document["id"]:
            raise incorrect_key()
        yield key_need("Decrypt", document, account, params.get("EncryptionContext"))
    elif operation == "ReEncrypt":
        source = encryption.key_of(taken_apart(params["CiphertextBlob"]), region)
        yield key_need("ReEncryptFrom", source, account, params.get("SourceEncryptionContext"))
        target = keys.find(params["DestinationKeyId"], region)
        yield key_need("ReEncryptTo", target, account, params.get("DestinationEncryptionContext"))
    else:
        yield key_need(operation, keys.find(params["KeyId"], region), account, params.get("EncryptionContext"))
