"""How a row of the feature matrix is kept true on the local clouds: by tests, or not, and then why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """Tests that would fail if the local cloud did otherwise: `PATH::FUNCTION`, or `PATH::TITLE` in the host's own."""

    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotShown:
    """Nothing local can show it, or nothing does yet."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One row's, for each cloud."""

    aws: Shown | NotShown
    cloudflare: Shown | NotShown


def shown(*tests: str) -> Shown:
    return Shown(tests)


AWS = "tests/localcloud/aws"
CLOUDFLARE = "tests/localcloud/cloudflare"
HOST = "localcloud/cloudflare/host/test"
