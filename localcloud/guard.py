"""Who may speak to a control API: programs on this machine that were pointed at it, and no page in a browser.

Two attacks are meant. A page on any site can send a browser's request to loopback (a forged form post, a `no-cors`
fetch); such requests carry `Origin` or `Sec-Fetch-*`, which a page cannot leave out (Fetch Metadata, W3C; forbidden
request headers, WHATWG Fetch). And a page's own name can be made to resolve to 127.0.0.1 (DNS rebinding), after which
its requests count as same-origin; they still carry that name as Host.

`Sec-Fetch-Mode` by itself is let through: Node's own `fetch` sends it; a browser always sends `Sec-Fetch-Site` too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from localcloud.http import Request

_BROWSER_HEADERS = frozenset({"origin", "sec-fetch-site", "sec-fetch-dest", "sec-fetch-user"})
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

Reason = Literal["ForeignHost", "BrowserRequest"]
EXPLANATIONS: dict[Reason, str] = {
    "ForeignHost": "The Host header names no address of this local cloud, so the request is refused (DNS rebinding).",
    "BrowserRequest": "Requests from a browser page are refused here; use an SDK or a command-line client.",
}


@dataclass(frozen=True)
class Guard:
    """The rules for one front door. `suffixes` are further host endings, such as ".execute-api.localhost"."""

    port: int
    suffixes: tuple[str, ...] = ()

    @cached_property
    def _hosts(self) -> frozenset[str]:
        named = {f"{host}:{self.port}" for host in _LOOPBACK}
        return frozenset(named | set(_LOOPBACK) if self.port == 80 else named)

    def knows_host(self, host: str | None) -> bool:
        """Whether a Host header names this front door. Data planes must ask this too."""
        if host in self._hosts:
            return True
        if host is None:
            return False
        host = host.lower()
        name, _, port = host.rpartition(":")
        if not name:
            name, port = host, "80"
        return port == str(self.port) and (host in self._hosts or name.endswith(self.suffixes or ("\0",)))

    def refusal(self, request: Request) -> Reason | None:
        """Why a request to a control API is refused, or None where it may pass."""
        if not self.knows_host(request.header("host")):
            return "ForeignHost"
        if any(name in _BROWSER_HEADERS for name, _ in request.headers):
            return "BrowserRequest"
        if request.method == "OPTIONS" and request.header("access-control-request-method") is not None:
            return "BrowserRequest"
        return None
