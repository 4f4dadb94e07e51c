"""The policies of each role, compiled once and again after any change to IAM."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from localcloud.aws.access.conditions import Keys
from localcloud.aws.access.patterns import has_variable
from localcloud.aws.access.statements import Statement, Verdict, judge, parse

_log = logging.getLogger(__name__)
_REMEMBERED = 4096  # pairs of action and resource a role


@dataclass(frozen=True, slots=True)
class RoleDocuments:
    """A role as IAM has it: its policies' documents, and its permissions boundary's if it has one."""

    role_id: str
    policies: Sequence[str | Mapping[str, Any]]
    boundary: str | Mapping[str, Any] | None = None


class Directory(Protocol):
    """IAM."""

    async def ready(self) -> None:
        """Waits until what IAM knows is there."""

    @property
    def known(self) -> bool:
        """Whether `ready` would return at once."""

    @property
    def revision(self) -> int:
        """Changes whenever a role or policy may have changed."""

    def role_documents(self, role_arn: str) -> RoleDocuments | None:
        """The role, or None."""


@dataclass(slots=True)
class Role:
    """What a role may do. The statements that concern an action on a resource are found once."""

    role_id: str
    statements: tuple[Statement, ...]
    boundary: tuple[Statement, ...] | None
    _meant: dict[tuple[str, str], tuple[Statement, ...]] = field(default_factory=dict)
    _settled: dict[tuple[str, str], Verdict] = field(default_factory=dict)

    def settled(self, action: str, resource: str) -> Verdict | None:
        """The verdict of all policies and the boundary, where it is the same for every call; None before `judge`."""
        return self._settled.get((action, resource))

    def judge(self, action: str, resource: str, keys: Keys) -> Verdict:
        """The verdict of the role's own policies."""
        meant = self._meant.get((action, resource))
        if meant is None:
            meant = tuple(found for found in self.statements if found.covers(action, resource, keys))
            if not any(has_variable(text) for found in self.statements for text in found.resources or ()):
                if len(self._meant) >= _REMEMBERED:
                    self._meant.clear()
                    self._settled.clear()
                self._meant[action, resource] = meant
                if self.boundary is None and not any(found.condition for found in meant):
                    self._settled[action, resource] = judge(meant, keys)
        return judge(meant, keys)

    def bounds(self, action: str, resource: str, keys: Keys) -> Verdict:
        """The verdict of the permissions boundary; "allow" without one."""
        if self.boundary is None:
            return "allow"
        return judge(self.boundary, keys, lambda found: found.covers(action, resource, keys))


class Roles:
    """Roles by ARN."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._revision = -1
        self._roles: dict[str, Role] = {}

    def find(self, role_arn: str) -> Role:
        """The role as it is now; one that is gone may do nothing."""
        revision = self._directory.revision  # before the documents, so that what changes meanwhile is read again
        if revision != self._revision:
            self._revision = revision
            self._roles.clear()
        found = self._roles.get(role_arn)
        if found is None:
            found = self._roles[role_arn] = self._read(role_arn)
        return found

    def _read(self, role_arn: str) -> Role:
        documents = self._directory.role_documents(role_arn)
        if documents is None:
            _log.warning("the role %s does not exist, and may do nothing", role_arn)
            return Role("", (), None)
        statements = tuple(found for document in documents.policies for found in parse(document))
        boundary = None if documents.boundary is None else parse(documents.boundary)
        return Role(documents.role_id, statements, boundary)
