"""Encryption under a key: AES-256-GCM, with the encryption context as additional authenticated data.

A ciphertext is `01`, the key's id (16 bytes), the generation of its material (4), a nonce (12), and AES-GCM's output.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag

from localcloud.aws.kms.errors import invalid_ciphertext, unreachable_key
from localcloud.aws.kms.keys import DAY, Keys
from localcloud.aws.kms.store import Document, Store
from localcloud.aws.protocol import ServiceError

_VERSION = b"\x01"
_HEADER = 1 + 16 + 4
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext, taken apart."""

    key_id: str
    generation: int
    header: bytes
    nonce: bytes
    body: bytes


class Encryption:
    """Encrypts and decrypts."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def encrypt(self, document: Document, plaintext: bytes, context: Mapping[str, str]) -> bytes:
        """A ciphertext under the key's newest material."""
        self._keys.usable(document)
        document = self._rotated(document)
        header = _VERSION + UUID(document["id"]).bytes + int(document["generation"]).to_bytes(4, "big")
        cipher = self._store.material(document["id"], document["generation"])
        assert cipher is not None
        nonce = os.urandom(_NONCE)
        return header + nonce + cipher.encrypt(nonce, plaintext, header + _canonical(context))

    def decrypt(self, sealed: Sealed, document: Document, context: Mapping[str, str]) -> bytes:
        """The plaintext. Raises InvalidCiphertextException for another context or an altered ciphertext."""
        self._keys.usable(document)
        cipher = self._store.material(sealed.key_id, sealed.generation)
        if cipher is None:
            raise invalid_ciphertext()
        try:
            return cipher.decrypt(sealed.nonce, sealed.body, sealed.header + _canonical(context))
        except InvalidTag:
            raise invalid_ciphertext() from None

    def key_of(self, sealed: Sealed, region: str) -> Document:
        """The key that a ciphertext names."""
        try:
            return self._keys.find(sealed.key_id, region)
        except ServiceError:
            raise unreachable_key() from None

    def _rotated(self, document: Document) -> Document:
        """The key, with new material if its rotation is due."""
        rotation = document["rotation"]
        if rotation is None or time.time() < rotation["since"] + rotation["period"] * DAY:
            return document
        generation = document["generation"] + 1
        changed = document | {"generation": generation, "rotation": rotation | {"since": time.time()}}
        self._store.rotate(document["id"], generation, changed)
        return changed


def taken_apart(ciphertext: bytes) -> Sealed:
    """The parts. Raises InvalidCiphertextException for what no KMS of this kind made."""
    if len(ciphertext) < _HEADER + _NONCE + 16 or ciphertext[:1] != _VERSION:
        raise invalid_ciphertext()
    return Sealed(
        key_id=str(UUID(bytes=ciphertext[1:17])),
        generation=int.from_bytes(ciphertext[17:_HEADER], "big"),
        header=ciphertext[:_HEADER],
        nonce=ciphertext[_HEADER : _HEADER + _NONCE],
        body=ciphertext[_HEADER + _NONCE :],
    )


def _canonical(context: Mapping[str, str]) -> bytes:
    """The order of its entries means nothing."""
    return orjson.dumps(dict(context), option=orjson.OPT_SORT_KEYS)
