"""An endpoint's requests as they are sent, each of a number of its own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from lab.load.address import Address, request_bytes
from lab.load.signature import signed
from lab.scenario import Endpoint

# What `{n}` counts up to, so that keys repeat and reads find what was written.
KEYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An endpoint's request, ready to be filled in."""

    endpoint: Endpoint
    address: Address
    run: str

    def bytes(self, number: int) -> bytes:
        """The request of that number. A signed one has an id that no other has: a receiver drops what it has seen."""
        endpoint = self.endpoint
        path = self._filled(endpoint.path, number)
        body = self._filled(endpoint.body, number).encode()
        headers = dict(endpoint.headers)
        if endpoint.signature is not None:
            headers |= signed(endpoint.signature, f"lab-{self.run}-{secrets.token_hex(8)}", body)
        return request_bytes(self.address, endpoint.method, path, headers, body)

    def _filled(self, text: str, number: int) -> str:
        return text.replace("{n}", str(number % KEYS)).replace("{run}", self.run)
