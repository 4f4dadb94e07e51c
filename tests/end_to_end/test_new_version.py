"""A new deployment takes over from the old one with no failed request."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tools.sandbox import Sandbox, outputs


class Hammer:
    """Sends requests to one URL without a pause from two threads and keeps what was no 200."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self.requests = 0
        self.failures: list[str] = []
        self._threads = [threading.Thread(target=self._run) for _ in range(2)]

    def _run(self) -> None:
        with httpx.Client(timeout=30) as client:
            while not self._over.is_set():
                try:
                    answer = client.get(f"{self._url}/healthz")
                    if answer.status_code != 200:
                        self.failures.append(f"{answer.status_code} {answer.text[:200]}")
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                self.requests += 1

    def __enter__(self) -> Hammer:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def load(*urls: str) -> Iterator[list[Hammer]]:
    """Load on each URL for as long as the block runs."""
    hammers = [Hammer(url.rstrip("/")) for url in urls]
    with hammers[0], hammers[1]:
        yield hammers


def test_a_new_version_under_load_fails_no_request(sandbox: Sandbox) -> None:
    project = sandbox.project()
    stack = sandbox.stack(project)
    stack.up()
    urls = outputs(stack)
    api = project / "app" / "api.py"
    with load(urls["aws_url"], urls["cloudflare_url"]) as hammers:
        for number in range(2):
            api.write_text(api.read_text() + f"\n# version {number}\n")
            stack.up()
    stack.destroy()
    for hammer in hammers:
        assert hammer.failures == []
        assert hammer.requests > 20
