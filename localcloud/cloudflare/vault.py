"""Secrets on the disk: sealed with AES-256-GCM under a key in a file of its own, which only the user can read."""

import base64
import binascii
import contextlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from localcloud.child import StartError

_KEY_BYTES = 32
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

    Raises StartError (UnsafeKeyFile) for a file that somebody else owns or others can read, or that holds no key.
    """
    with contextlib.suppress(FileExistsError):
        _make(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise _unsafe(path, error.strerror or str(error)) from error
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise _unsafe(path, "is not a file of yours")
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise _unsafe(path, f"can be read or written by others (mode {stat.S_IMODE(found.st_mode):04o})")
        key = file.read(_KEY_BYTES + 1)
    if len(key) != _KEY_BYTES:
        raise _unsafe(path, f"has {len(key)} bytes and not {_KEY_BYTES}")
    return Vault(key)


def _make(path: Path) -> None:
    """Whole or not at all: a process that is killed half-way leaves no file without a key. Raises FileExistsError."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink()


def _unsafe(path: Path, what: str) -> StartError:
    advice = f"make it yours alone with `chmod 600 {path}`; or delete it, and set the secrets of all Workers anew"
    return StartError("cloudflare", "UnsafeKeyFile", f"the key of the secrets, {path}, {what}; {advice}")
