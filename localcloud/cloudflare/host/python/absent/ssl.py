"""Stands in for the standard library's `ssl`, which the npm package of Pyodide 0.28 leaves out and Cloudflare has.

Found last on the search path, so a real one always wins (Pyodide 314 has it). Libraries that import `ssl` and never
use it work (anyio, and with it Starlette's streaming responses); whoever wants a context is told that there is none.
"""

from typing import NoReturn


class SSLError(OSError):
    """Base of the errors below, as in the standard library."""


class SSLZeroReturnError(SSLError):
    pass


class SSLWantReadError(SSLError):
    pass


class SSLWantWriteError(SSLError):
    pass


class SSLSyscallError(SSLError):
    pass


class SSLEOFError(SSLError):
    pass


class SSLCertVerificationError(SSLError, ValueError):
    pass


CertificateError = SSLCertVerificationError


def create_default_context(*_: object, **__: object) -> NoReturn:
    """Raises NotImplementedError, always."""
    raise NotImplementedError("This Worker host has no OpenSSL for Pyodide 0.28; on Cloudflare this code has it.")


class _Absent:
    def __init__(self, *_: object, **__: object) -> None:
        create_default_context()


class SSLContext(_Absent):
    pass


class SSLObject(_Absent):
    pass


class SSLSocket(_Absent):
    pass


class MemoryBIO(_Absent):
    pass
