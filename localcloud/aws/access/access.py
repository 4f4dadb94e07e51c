"""Whether a caller may do what it asks for.

The account's administrator (any key that is no function's) may do everything; a function may what its role may.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from localcloud.aws.access.roles import Directory, Role, Roles
from localcloud.aws.access.sessions import Sessions
from localcloud.aws.access.statements import Statement, judge, parse
from localcloud.aws.access.table import TABLE, Knows
from localcloud.aws.access.trail import Trail
from localcloud.aws.ports import Credentials, Need, RoleSession
from localcloud.aws.protocol import CallContext, ServiceError

_log = logging.getLogger(__name__)

Reason = Literal["", "no identity-based", "explicit identity-based", "explicit resource-based", "no boundary",
                 "explicit boundary", "no resource-based"]  # fmt: skip
_WORDS: Mapping[str, str] = {
    "no identity-based": "because no identity-based policy allows the {action} action",
    "no resource-based": "because no resource-based policy allows the {action} action",
    "no boundary": "because no permissions boundary allows the {action} action",
    "explicit identity-based": "with an explicit deny in an identity-based policy",
    "explicit resource-based": "with an explicit deny in a resource-based policy",
    "explicit boundary": "with an explicit deny in a permissions boundary",
}


class Access:
    """Implements Rights, and Gate for the services' front."""

    def __init__(self, directory: Directory, trail: Trail, account: str) -> None:
        self._directory = directory
        self._roles = Roles(directory)
        self._trail = trail
        self._account = account
        self._resources: dict[str, tuple[Statement, ...]] = {}
        self._said: set[str] = set()
        self.sessions = Sessions()

    async def ready(self) -> None:
        """Waits until roles and policies are known."""
        await self._directory.ready()

    @property
    def known(self) -> bool:
        """Whether roles and policies are known."""
        return self._directory.known

    def close(self) -> None:
        """Writes what is left of the record."""
        self._trail.flush()

    def credentials(self, role_arn: str, name: str) -> Credentials:
        """The credentials of a session of that role."""
        return self.sessions.issue(role_arn, name)

    def role_id(self, session: RoleSession) -> str:
        """The unique id of the session's role, "" when it is gone."""
        return self._roles.find(session.role_arn).role_id

    def permits(self, session: RoleSession, need: Need) -> bool:
        """Whether the role may; recorded."""
        region = need.resource.split(":", 4)[3] if need.resource.startswith("arn:") else ""
        return self._decide(session, need, region) == ""

    async def check(
        self, service: str, operation: str, params: Mapping[str, Any], context: CallContext, knows: Knows | None = None
    ) -> None:
        """Lets a call pass, or raises ServiceError AccessDeniedException. `knows`: the service, if it names needs."""
        session = context.session
        if session is None:
            return
        await self.ready()
        needs = knows.needs(operation, params, context) if knows is not None else None
        if needs is None:
            rule = TABLE.get(service, {}).get(operation)
            needs = rule(params, context) if rule is not None else None
        if needs is None:
            self._say(f"{service} {operation} is not in the table of IAM actions, so no role may call it here")
            unknown = Need(f"{service}:{operation}", "*")
            self._trail.record(session.role_arn, unknown.action, unknown.resource, allowed=False)
            raise _denied(session, unknown, "no identity-based")
        self.demand(session, needs, context.region)

    def demand(self, session: RoleSession, needs: Iterable[Need], region: str) -> None:
        """All of these rights, or ServiceError AccessDeniedException."""
        for need in needs:
            reason = self._decide(session, need, region)
            if reason:
                raise _denied(session, need, reason)

    def _decide(self, session: RoleSession, need: Need, region: str) -> Reason:
        role = self._roles.find(session.role_arn)
        # The usual case needs no look at the condition keys.
        simple = need.policy is None and not need.closed and role.settled(need.action, need.resource) == "allow"
        reason: Reason = "" if simple else self._judge(session, role, need, region)
        self._trail.record(session.role_arn, need.action, need.resource, allowed=not reason)
        return reason

    def _judge(self, session: RoleSession, role: Role, need: Need, region: str) -> Reason:
        keys = self._keys(session, need, region)
        own = role.judge(need.action, need.resource, keys)
        if own == "deny":
            return "explicit identity-based"
        direct, delegated = False, not need.closed
        if need.policy is not None:
            statements = self._statements(need.policy)
            mine = {session.role_arn, session.arn, "*"}
            root = {self._account, f"arn:aws:iam::{self._account}:root"}
            covers = [found for found in statements if found.covers(need.action, need.resource, keys)]
            named = judge(covers, keys, lambda found: bool(mine & (found.principals or frozenset())))
            account = judge(covers, keys, lambda found: bool(root & (found.principals or frozenset())))
            if "deny" in (named, account):
                return "explicit resource-based"
            direct, delegated = named == "allow", delegated or account == "allow"
        if not direct and not delegated:
            return "no resource-based"
        if not direct and own != "allow":
            return "no identity-based"
        bounds = role.bounds(need.action, need.resource, keys)
        if bounds == "deny":
            return "explicit boundary"
        return "no boundary" if bounds == "nothing" else ""

    def _keys(self, session: RoleSession, need: Need, region: str) -> dict[str, Any]:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
        return {
            "aws:epochtime": str(int(time.time())),
            "aws:principalaccount": self._account,
            "aws:principalarn": session.role_arn,
            "aws:principaltype": "AssumedRole",
            "aws:requestedregion": region,
            "aws:resourceaccount": self._account,
            "aws:securetransport": "true",  # departure: loopback stands for what is TLS on AWS
            "aws:viaawsservice": "false",
            **{name.lower(): value for name, value in need.keys.items()},
        }

    def _statements(self, policy: str) -> tuple[Statement, ...]:
        found = self._resources.get(policy)
        if found is None:
            if len(self._resources) > 256:
                self._resources.clear()
            found = self._resources[policy] = parse(policy)
        return found

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            _log.warning(text)


def _denied(session: RoleSession, need: Need, reason: Reason) -> ServiceError:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
    why = _WORDS[reason].format(action=need.action)
    text = f"User: {session.arn} is not authorized to perform: {need.action} on resource: {need.resource} {why}"
    return ServiceError("AccessDeniedException", text)
