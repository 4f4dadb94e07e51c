"""Values under the secret's key: envelope encryption with a data key of KMS, in the caller's name.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from localcloud.aws.ports import Rights, RoleSession, Vault
from localcloud.aws.protocol import ServiceError
from localcloud.aws.secretsmanager.errors import cannot_decrypt, cannot_encrypt, no_kms_access

DEFAULT_KEY: Final = "alias/aws/secretsmanager"
_SERVICE: Final = "secretsmanager"
_NONCE: Final = 12


class Sealing:
    """Seals and opens values, if the caller may use the key."""

    def __init__(self, vault: Vault, rights: Rights) -> None:
        self._vault = vault
        self._rights = rights

    def seal(  # noqa: PLR0917 - what and where, for whom
        self, value: bytes, key: str | None, arn: str, version: str, region: str, session: RoleSession | None
    ) -> tuple[bytes, bytes]:
        """The sealed value and its encrypted data key. `key`: None for the account's own key of Secrets Manager."""
        key, context = key or DEFAULT_KEY, _context(arn, version)
        # Secrets Manager decrypts what it has encrypted to be sure that it can, so it needs both.
        for action in ("GenerateDataKey", "Decrypt"):
            self._demand(action, key, region, context, session, cannot_encrypt())
        try:
            plain, encrypted = self._vault.data_key(key, region, context)
        except ServiceError:
            raise cannot_encrypt() from None
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(plain).encrypt(nonce, value, arn.encode()), encrypted

    def open(  # noqa: PLR0917 - the same
        self, sealed: bytes, encrypted: bytes, arn: str, version: str, region: str, session: RoleSession | None
    ) -> bytes:
        """The value."""
        context, failure = _context(arn, version), cannot_decrypt()
        if session is not None:
            self._demand("Decrypt", self._key_of(encrypted, region), region, context, session, failure)
        try:
            plain = self._vault.opened(encrypted, region, context)
            return AESGCM(plain).decrypt(sealed[:_NONCE], sealed[_NONCE:], arn.encode())
        except (ServiceError, InvalidTag):
            raise failure from None

    def _key_of(self, encrypted: bytes, region: str) -> str:
        try:
            return self._vault.key_of(encrypted, region)
        except ServiceError:
            raise cannot_decrypt() from None

    def _demand(  # noqa: PLR0917 - the same
        self,
        action: str,
        key: str,
        region: str,
        context: Mapping[str, str],
        session: RoleSession | None,
        failure: ServiceError,
    ) -> None:
        if session is None:
            return
        try:
            need = self._vault.need(action, key, region, context, _SERVICE)
        except ServiceError:
            raise failure from None
        if not self._rights.permits(session, need):
            raise no_kms_access()


def _context(arn: str, version: str) -> dict[str, str]:
    return {"SecretARN": arn, "SecretVersionId": version}
