"""The sessions in which functions act as their role, found again by access key.

Departure from AWS: a session lasts as long as this process, so no function has to renew it; a restart ends all
environments, and with them whoever knew the keys.
"""

from __future__ import annotations

import base64
import hmac
import secrets

from localcloud.aws.ports import Credentials, RoleSession


class Sessions:
    """One session for each role and session name."""

    def __init__(self) -> None:
        self._issued: dict[tuple[str, str], Credentials] = {}
        self._sessions: dict[str, tuple[RoleSession, Credentials]] = {}

    def issue(self, role_arn: str, name: str) -> Credentials:
        """The credentials of that session, the same ones each time."""
        found = self._issued.get((role_arn, name))
        if found is None:
            # ASIA marks temporary keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
            key = "ASIA" + base64.b32encode(secrets.token_bytes(10)).decode()
            found = Credentials(key, secrets.token_urlsafe(30), secrets.token_urlsafe(192))
            self._issued[role_arn, name] = found
            self._sessions[key] = (RoleSession(role_arn, name), found)
        return found

    def find(self, access_key: str) -> RoleSession | None:
        """Whose key it is; None for everybody else's."""
        found = self._sessions.get(access_key)
        return found[0] if found is not None else None

    def proves(self, access_key: str, token: str | None) -> bool:
        """Whether the session token belongs to the key."""
        found = self._sessions.get(access_key)
        return found is not None and token is not None and hmac.compare_digest(found[1].token, token)
