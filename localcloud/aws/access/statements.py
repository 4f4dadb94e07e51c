"""Policy documents, and whether they allow one action on one resource.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from localcloud.aws.access.conditions import Keys, Unknown, holds
from localcloud.aws.access.patterns import matches, resolved

_log = logging.getLogger(__name__)

Verdict = Literal["allow", "deny", "nothing"]
"""`nothing`: no statement applies, which denies too, but only where nothing else allows."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `positive` is False for NotAction and NotResource; `resources` is None where there is neither."""

    effect: Literal["allow", "deny"]
    actions: tuple[str, ...]
    actions_positive: bool
    resources: tuple[str, ...] | None
    resources_positive: bool
    principals: frozenset[str] | None  # of a resource's policy; None in a role's
    condition: Mapping[str, Mapping[str, object]]

    def covers(self, action: str, resource: str, keys: Keys) -> bool:
        """Whether action and resource are meant."""
        lower = action.lower()
        if any(matches(pattern, lower) for pattern in self.actions) != self.actions_positive:
            return False
        if self.resources is None:
            return True
        found = (resolved(pattern, keys) for pattern in self.resources)
        return any(pattern is not None and matches(pattern, resource) for pattern in found) == self.resources_positive

    def applies(self, keys: Keys) -> bool:
        """Whether the condition holds. One that cannot be judged makes an Allow fail and a Deny apply."""
        try:
            return holds(self.condition, keys)
        except Unknown as unknown:
            _log.warning("a policy uses %s, which is not implemented here; decided against the caller", unknown)
            return self.effect == "deny"


def parse(document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements of a document. One that is no policy has none, so it allows nothing; the log says so."""
    try:
        found = orjson.loads(document) if isinstance(document, str) else document
        return tuple(_statement(one) for one in _list(found.get("Statement", [])))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        _log.warning("a policy could not be read (%s), and allows nothing", type(error).__name__)
        return ()


def judge(statements: Iterable[Statement], keys: Keys, meant: Callable[[Statement], bool] = lambda _: True) -> Verdict:
    """The verdict of statements, those that are `meant`; an explicit deny wins."""
    verdict: Verdict = "nothing"
    for statement in statements:
        if meant(statement) and statement.applies(keys):
            if statement.effect == "deny":
                return "deny"
            verdict = "allow"
    return verdict


def _statement(found: Mapping[str, Any]) -> Statement:
    actions = _list(found["Action"] if "Action" in found else found["NotAction"])
    named = next((name for name in ("Resource", "NotResource") if name in found), None)
    return Statement(
        effect="allow" if found["Effect"] == "Allow" else "deny",
        actions=tuple(str(action).lower() for action in actions),
        actions_positive="Action" in found,
        resources=None if named is None else tuple(map(str, _list(found[named]))),
        resources_positive=named != "NotResource",
        principals=_principals(found.get("Principal")),
        condition={operator: dict(keys) for operator, keys in found.get("Condition", {}).items()},
    )


def _principals(found: Any) -> frozenset[str] | None:
    if found is None:
        return None
    if isinstance(found, str):
        return frozenset({found})
    return frozenset(str(name) for names in found.values() for name in _list(names))


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]
