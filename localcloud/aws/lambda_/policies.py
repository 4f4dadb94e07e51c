"""Resource policies: who may invoke a function, version or alias."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any
from uuid import uuid4

import orjson

from localcloud.aws.lambda_.errors import conflict, missing, stale_revision
from localcloud.aws.lambda_.store import Document, Store

_NONE = "The resource you requested does not exist."


class Policies:
    """The permission operations. A qualifier of "" is the function itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, name: str, qualifier: str, arn: str, params: dict[str, Any]) -> str:
        """AddPermission; the statement as JSON."""
        policy = self._store.get("policy", name, qualifier) or {"Statement": [], "RevisionId": str(uuid4())}
        self._fresh(policy, params)
        sid = params["StatementId"]
        if any(found["Sid"] == sid for found in policy["Statement"]):
            text = (
                f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove the "
            )
            raise conflict(text + "existing statement.")
        principal = params["Principal"]
        shown: object = principal
        if principal != "*":
            if principal.isdigit():
                principal = f"arn:aws:iam::{principal}:root"
            shown = {"AWS" if principal.startswith("arn:") else "Service": principal}
        statement = {"Sid": sid, "Effect": "Allow", "Principal": shown, "Action": params["Action"], "Resource": arn}
        condition: dict[str, dict[str, str]] = {}
        if "SourceArn" in params:
            condition["ArnLike"] = {"AWS:SourceArn": params["SourceArn"]}
        for key, member in (
            ("AWS:SourceAccount", "SourceAccount"),
            ("aws:PrincipalOrgID", "PrincipalOrgID"),
            ("lambda:FunctionUrlAuthType", "FunctionUrlAuthType"),
            ("lambda:EventSourceToken", "EventSourceToken"),
        ):
            if member in params:
                condition.setdefault("StringEquals", {})[key] = params[member]
        if condition:
            statement["Condition"] = condition
        policy["Statement"].append(statement)
        self._write(name, qualifier, policy)
        return orjson.dumps(statement).decode()

    def get(self, name: str, qualifier: str) -> dict[str, Any]:
        """GetPolicy."""
        policy = self._store.get("policy", name, qualifier)
        if policy is None:
            raise missing(_NONE)
        document = {"Version": "2012-10-17", "Id": "default", "Statement": policy["Statement"]}
        return {"Policy": orjson.dumps(document).decode(), "RevisionId": policy["RevisionId"]}

    def remove(self, name: str, qualifier: str, params: dict[str, Any]) -> None:
        """RemovePermission."""
        policy = self._store.get("policy", name, qualifier)
        kept = (
            [] if policy is None else [found for found in policy["Statement"] if found["Sid"] != params["StatementId"]]
        )
        if policy is None or len(kept) == len(policy["Statement"]):
            raise missing(f"Statement {params['StatementId']} is not found in resource policy.")
        self._fresh(policy, params)
        policy["Statement"] = kept
        if kept:
            self._write(name, qualifier, policy)
        else:
            self._store.delete("policy", name, qualifier)

    def permits(self, name: str, qualifier: str, principal: str, source_arn: str, account: str) -> bool:
        """Whether a service may invoke on behalf of that ARN."""
        policy = self._store.get("policy", name, qualifier)
        statements = [] if policy is None else policy["Statement"]
        return any(_allows(found, principal, source_arn, account) for found in statements)

    def _fresh(self, policy: Document, params: dict[str, Any]) -> None:
        if params.get("RevisionId") not in (None, policy["RevisionId"]):
            raise stale_revision()

    def _write(self, name: str, qualifier: str, policy: Document) -> None:
        policy["RevisionId"] = str(uuid4())
        self._store.put("policy", name, qualifier, policy)


def _allows(statement: dict[str, Any], principal: str, source_arn: str, account: str) -> bool:
    named = statement["Principal"]
    if named != "*" and named.get("Service") != principal:
        return False
    if statement["Action"] not in ("lambda:InvokeFunction", "lambda:*", "*"):
        return False
    condition = statement.get("Condition", {})
    pattern = condition.get("ArnLike", {}).get("AWS:SourceArn")
    # fnmatch gives brackets a meaning that ARN patterns do not have
    if pattern is not None and not fnmatchcase(source_arn, pattern.replace("[", "[[]")):
        return False
    equal = condition.get("StringEquals", {})
    return equal.get("AWS:SourceAccount", account) == account and not equal.keys() - {"AWS:SourceAccount"}
