"""IAM policy documents from statements.

Source: hashicorp/terraform-provider-aws, documentation of the data source `aws_iam_policy_document`: Effect defaults to
Allow, lists of one become strings, longer ones are sorted in descending order, `&{` stands for `${`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_LISTS: Final = (
    ("Action", "actions"),
    ("NotAction", "notActions"),
    ("Resource", "resources"),
    ("NotResource", "notResources"),
)


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The document; statements of an override replace those with the same Sid."""
    statements = [
        statement
        for text in arguments.get("sourcePolicyDocuments") or ()
        for statement in json.loads(text).get("Statement", [])
    ]
    statements += [_statement(statement) for statement in arguments.get("statements") or ()]
    for text in arguments.get("overridePolicyDocuments") or ():
        for override in json.loads(text).get("Statement", []):
            sid = override.get("Sid")
            statements = [item for item in statements if not sid or item.get("Sid") != sid] + [override]
    head = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        head["Id"] = arguments["policyId"]
    return {**head, "Statement": statements}


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
    made["Effect"] = given.get("effect") or "Allow"
    for member, name in _LISTS:
        if given.get(name):
            made[member] = _folded([item.replace("&{", "${") for item in given[name]])
    for member, name in (("Principal", "principals"), ("NotPrincipal", "notPrincipals")):
        if given.get(name):
            made[member] = _principals(given[name])
    conditions: dict[str, dict[str, Any]] = {}
    for condition in given.get("conditions") or ():
        values = [value.replace("&{", "${") for value in condition["values"]]
        conditions.setdefault(condition["test"], {})[condition["variable"]] = _folded(values)
    return {**made, "Condition": conditions} if conditions else made


def _principals(principals: Sequence[Mapping[str, Any]]) -> Any:
    if any(item["type"] == "*" and item["identifiers"] == ["*"] for item in principals):
        return "*"
    found: dict[str, list[str]] = {}
    for item in principals:
        found.setdefault(item["type"], []).extend(item["identifiers"])
    return {kind: _folded(identifiers) for kind, identifiers in found.items()}


def _folded(items: Sequence[str]) -> Any:
    return items[0] if len(items) == 1 else sorted(items, reverse=True)
