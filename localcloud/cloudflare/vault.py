"""Secrets on the disk: sealed with AES-256-GCM under a key in a file of its own, which only the user can read."""

import base64
import binascii
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from localcloud.child import StartError
from localcloud.key_file import KeyFileError, root_key

_NONCE_BYTES = 12


class SealBrokenError(Exception):
    """What was sealed cannot be opened: another key, another owner, or damaged."""


class Vault:
    """`owner` names what a secret belongs to: a text that is sealed for one does not open for another."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, text: str, owner: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(errors="surrogatepass"), owner.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, owner: str) -> str:
        """Raises SealBrokenError."""
        try:
            content = base64.b64decode(sealed, validate=True)
            nonce, content = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, content, owner.encode()).decode(errors="surrogatepass")
        except (InvalidTag, ValueError, binascii.Error):
            raise SealBrokenError(f"a secret of {owner} cannot be opened with the key that is there") from None


def open_vault(path: Path) -> Vault:
    """With the key in `path`, which is made if it is not there.

    Raises StartError (KeyFile…) for a file that somebody else owns or others can read, or that holds no key.
    """
    try:
        return Vault(root_key(path, make=True))
    except KeyFileError as error:
        raise StartError("cloudflare", error.code, str(error)) from error
