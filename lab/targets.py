"""What is compared: named base URLs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lab.errors import InvalidTargetError

Origin = Literal["emulator", "cloud"]

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One deployment. `url` is its base without a slash at the end; `origin` is what its figures are worth."""

    name: str
    url: str
    origin: Origin


def parse_targets(words: Sequence[str], origins: Sequence[str] = ()) -> tuple[Target, ...]:
    """`NAME=URL` words, in their order. What listens on this machine is taken for an emulator unless `origins`
    (`NAME=emulator` or `NAME=cloud`) says otherwise. Raises InvalidTargetError.
    """
    urls = dict(_pair(word, "--url NAME=https://…") for word in words)
    if len(urls) < len(words):
        raise InvalidTargetError("two --url have the same name: each target needs a name of its own")
    said = dict(_pair(word, "--origin NAME=emulator or NAME=cloud") for word in origins)
    if unknown := sorted(said.keys() - urls.keys()):
        raise InvalidTargetError(f"--origin names {', '.join(unknown)}; the targets are {', '.join(urls)}")
    return tuple(
        Target(name=name, url=_base(name, url), origin=_origin(url, said.get(name))) for name, url in urls.items()
    )


def _pair(word: str, form: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or not value or not _NAME.fullmatch(name):
        raise InvalidTargetError(
            f"{word!r} is not {form}; a name is small letters, digits and hyphens, at most 32, a letter first"
        )
    return name, value


def _base(name: str, url: str) -> str:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
        raise InvalidTargetError(f"the target {name} is {url!r}, which is no http:// or https:// address")
    if parts.query or parts.fragment or parts.username is not None:
        raise InvalidTargetError(f"the target {name} must be a base URL: no user, no query and no fragment")
    return url.rstrip("/")


def _origin(url: str, said: str | None) -> Origin:
    match said:
        case "emulator" | "cloud":
            return said
        case None:
            return "emulator" if _is_here(urlsplit(url).hostname or "") else "cloud"
    raise InvalidTargetError(f"an origin is {said!r}; valid: emulator, cloud")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
