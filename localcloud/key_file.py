"""A cloud's root key: a file that only its owner can read, under which all that is secret on the disk is encrypted."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

_BYTES = 32


class KeyFileError(Exception):
    """The key file is missing, damaged, or open to others. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def root_key(path: Path, *, make: bool) -> bytes:
    """The key; made if it is missing and `make` allows. Raises KeyFileError."""
    if make and not path.exists():
        _make(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        text = f"{path} is missing, and keys are encrypted under it; put it back, or give up the data (reset)"
        raise KeyFileError("KeyFileMissing", text) from None
    except OSError as error:
        text = f"{path} cannot be read ({error.strerror}); it must be a plain file of yours"
        raise KeyFileError("KeyFileUnreadable", text) from None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise KeyFileError("KeyFileUnreadable", f"{path} must be a plain file that belongs to you")
        if stat.S_IMODE(found.st_mode) & 0o077:
            mode = stat.S_IMODE(found.st_mode)
            text = f"{path} has mode {mode:o}, so others can read it; only its owner may: chmod 600 {path}"
            raise KeyFileError("KeyFileExposed", text)
        key = file.read(_BYTES + 1)
    if len(key) != _BYTES:
        raise KeyFileError("KeyFileDamaged", f"{path} has not {_BYTES} bytes; put the original back, or reset")
    return key


def _make(path: Path) -> None:
    """Whole or not at all, whenever the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
