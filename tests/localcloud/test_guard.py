"""Who may speak to a control API."""

import pytest

from localcloud.guard import Guard
from localcloud.http import Request

GUARD = Guard(4566, (".execute-api.localhost",))


def ask(host: str, *headers: tuple[str, str], method: str = "POST") -> str | None:
    return GUARD.refusal(Request(method, "/", "", [("host", host), *headers], b"", "127.0.0.1"))


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4566", "LOCALHOST:4566", "[::1]:4566"])
def test_loopback_passes(host: str) -> None:
    assert ask(host) is None
    assert ask(host, ("sec-fetch-mode", "cors")) is None  # Node's own fetch


@pytest.mark.parametrize(
    "host",
    ["", "127.0.0.1", "localhost:80", "evil.example:4566", "localhost.evil.example:4566", "127.0.0.1.evil.example:4566",
     ".execute-api.localhost.evil.example:4566", "127.0.0.1:4566@evil.example"],
)  # fmt: skip
def test_foreign_names_are_refused(host: str) -> None:
    assert ask(host) == "ForeignHost"


@pytest.mark.parametrize(
    "header", [("origin", "null"), ("origin", "http://localhost:4566"), ("sec-fetch-site", "none")]
)
def test_browsers_are_refused(header: tuple[str, str]) -> None:
    assert ask("localhost:4566", header) == "BrowserRequest"


def test_preflights_are_refused() -> None:
    assert ask("localhost:4566", ("access-control-request-method", "POST"), method="OPTIONS") == "BrowserRequest"
