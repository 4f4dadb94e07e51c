"""The one rule about endpoints: this machine only."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from localcloud.providers.protocol.errors import EndpointRefusedError


def require_loopback(url: str, setting: str, vendor: str) -> str:
    """`url` without its closing slash, when it is on this machine; `setting` is where it came from.

    Raises EndpointRefusedError else: credentials and requests for a real cloud must never pass through a stand-in.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme in {"http", "https"} and _is_loopback(host):
        return url.rstrip("/")
    raise EndpointRefusedError(
        f"{setting} is {parts.scheme}://{host}, which is not on this machine. This plugin is Parallax's local stand-in "
        f"for {vendor} and speaks to 127.0.0.0/8, ::1 and localhost only. To deploy for real, use Pulumi's own "
        "provider: leave the shell of env.sh (or set PULUMI_IGNORE_AMBIENT_PLUGINS=1) and run `pulumi up` again."
    )


def missing_endpoint(setting: str, vendor: str) -> EndpointRefusedError:
    """The error for a provider that was given no endpoint at all."""
    return EndpointRefusedError(
        f"{setting} is not set. This plugin is Parallax's local stand-in for {vendor} and never calls the real cloud. "
        "Start the local cloud and use its address (`source env.sh`), or, to deploy for real, use Pulumi's own "
        "provider: leave the shell of env.sh (or set PULUMI_IGNORE_AMBIENT_PLUGINS=1) and run `pulumi up` again."
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
