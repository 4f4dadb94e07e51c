"""An endpoint's requests as they are sent, each of a number of its own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lab.load.address import Address, request_bytes
from lab.load.signature import signed
from lab.scenario import Endpoint

# What `{n}` counts up to, so that keys repeat and reads find what was written.
KEYS = 100


class Filled(NamedTuple):
    """One request of an endpoint."""

    path: str
    headers: Mapping[str, str]
    body: bytes


def filled(endpoint: Endpoint, run: str, number: int) -> Filled:
    """The request of that number. A signed one has an id that no other has: a receiver drops what it has seen."""

    def text(template: str) -> str:
        return template.replace("{n}", str(number % KEYS)).replace("{run}", run)

    body = text(endpoint.body).encode()
    headers = endpoint.headers
    if endpoint.signature is not None:
        headers = {**headers, **signed(endpoint.signature, f"lab-{run}-{secrets.token_hex(8)}", body)}
    return Filled(text(endpoint.path), headers, body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An endpoint's requests for one address."""

    endpoint: Endpoint
    address: Address
    run: str

    def bytes(self, number: int) -> bytes:
        """The request of that number."""
        path, headers, body = filled(self.endpoint, self.run, number)
        return request_bytes(self.address, self.endpoint.method, path, headers, body)
