"""`worker-version:ACCOUNT:SCRIPT`: a new version of a Cloudflare Worker, deployed.

A secret is put on the Worker and in the end deleted: either makes a new version and deploys it at once
(https://developers.cloudflare.com/workers/configuration/secrets/), and code and settings stay as they are. The token
of CLOUDFLARE_API_TOKEN needs Workers Scripts, Edit; CLOUDFLARE_BASE_URL is the API's base where it is not Cloudflare's.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx

from lab.cold_starts.finished import finished
from lab.errors import ColdStartRefusedError

API: Final = "https://api.cloudflare.com/client/v4"
SECRET: Final = "PARALLAX_LAB_COLD_START"  # noqa: S105 - a name
_SECONDS = 60


class WorkerVersion:
    """What forces the last cold start is undone with all the others: in the end the secret is gone."""

    name = "worker-version"
    together = 1
    settles = 30.0

    def __init__(self, account: str, script: str) -> None:
        self._path = f"/accounts/{account}/workers/scripts/{script}/secrets"
        self.description = (
            f"A new version of the Worker {script} was deployed, by putting a secret {SECRET} that its code does not "
            "read; the first request to it counts. The secret was deleted in the end; the versions stay in the "
            "Worker's history. Cloudflare may start an instance during the TLS handshake, of which a client then sees "
            "less (https://blog.cloudflare.com/eliminating-cold-starts-with-cloudflare-workers/)."
        )

    @asynccontextmanager
    async def forced(self, count: int) -> AsyncIterator[AsyncIterator[None]]:
        """Deploys before each. Raises ColdStartRefusedError with what Cloudflare says."""
        token = os.environ.get("CLOUDFLARE_API_TOKEN")
        if not token:
            raise ColdStartRefusedError("CLOUDFLARE_API_TOKEN is not set: it takes a token with Workers Scripts, Edit")
        base = (os.environ.get("CLOUDFLARE_BASE_URL") or API).rstrip("/")
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=_SECONDS) as client:
            put = False

            async def times() -> AsyncIterator[None]:
                nonlocal put
                for number in range(count):
                    put = True
                    body = {"name": SECRET, "text": f"cold start {number}", "type": "secret_text"}
                    await _call(client, "PUT", self._path, body)
                    yield

            try:
                yield times()
            finally:
                if put:
                    await self._delete(client)

    async def _delete(self, client: httpx.AsyncClient) -> None:
        try:
            await _call(client, "DELETE", f"{self._path}/{SECRET}", None, gone=404)
        except ColdStartRefusedError as error:
            raise ColdStartRefusedError(f"the secret {SECRET} may still be on the Worker: {error}") from error


async def _call(
    client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any] | None, gone: int | None = None
) -> None:
    """`gone`: a status that is as good as success."""
    try:
        answer = await finished(client.request(method, path, json=body))
    except httpx.HTTPError as error:
        raise ColdStartRefusedError(f"Cloudflare's API does not answer: {error}") from error
    if answer.is_success or answer.status_code == gone:
        return
    try:
        said = "; ".join(f"{one['message']} ({one['code']})" for one in answer.json()["errors"])
    except (ValueError, KeyError, TypeError):
        said = f"status {answer.status_code}"
    raise ColdStartRefusedError(f"Cloudflare: {said}")
