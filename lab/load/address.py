"""Where a target's requests go, and how one is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

# Some front doors turn away a request that does not say who sends it.
_OURS = {"user-agent": "parallax-lab", "accept": "*/*"}


class Address(NamedTuple):
    """`prefix` is the path of the base URL."""

    host: str
    port: int
    secure: bool
    prefix: str

    @classmethod
    def of(cls, url: str) -> Address:
        """From a base URL."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        return cls(parts.hostname or "", parts.port or (443 if secure else 80), secure, parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def request_bytes(address: Address, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A request as it is sent. `headers` have names in small letters, and come before those of the lab's own."""
    together = {"host": address.authority, **_OURS, **headers}
    if body or method in ("POST", "PUT", "PATCH"):
        together["content-length"] = str(len(body))
    lines = [f"{method} {address.prefix}{path} HTTP/1.1", *(f"{name}: {value}" for name, value in together.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
