"""Secrets Manager's API: which operation does what. No rotation by functions, no replication, no batch reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localcloud.aws.ports import Need, Rights, RoleSession, Vault
from localcloud.aws.protocol import CallContext, ServiceError, unsupported
from localcloud.aws.secretsmanager.catalogue import Catalogue
from localcloud.aws.secretsmanager.errors import refused, wrong
from localcloud.aws.secretsmanager.filters import chosen
from localcloud.aws.secretsmanager.sealing import Sealing
from localcloud.aws.secretsmanager.store import Document, Store
from localcloud.aws.secretsmanager.versions import CURRENT, Kind, Versions

_VALUE_BYTES = 65_536
Operation = Callable[[dict[str, Any], str, RoleSession | None], dict[str, Any]]
"""(parameters, region, caller) to answer"""


class SecretsManagerService:
    """Implements Service."""

    name = "secretsmanager"

    def __init__(self, path: Path, vault: Vault, rights: Rights, account: str) -> None:
        self._account = account
        self._store = Store(path)
        self._catalogue = Catalogue(self._store, account)
        self._versions = Versions(self._store, Sealing(vault, rights))

    def close(self) -> None:
        """Closes the store."""
        self._store.close()

    def needs(self, operation: str, params: Mapping[str, Any], context: CallContext) -> Iterable[Need] | None:
        """The rights that an operation takes. Of a secret that is not there, AWS judges the name that was given."""
        if not hasattr(self, f"_{operation}"):
            return None
        action = f"secretsmanager:{operation}"
        if operation == "ListSecrets":
            return (Need(action, "*"),)
        if operation == "CreateSecret":
            name = f"arn:aws:secretsmanager:{context.region}:{context.account}:secret:{params['Name']}"
            return (Need(action, name),)
        found = self._catalogue.find(params["SecretId"], context.region)
        if found is None:
            return (Need(action, params["SecretId"]),)
        keys = {"secretsmanager:VersionStage": params.get("VersionStage") or CURRENT}
        if params.get("VersionId"):
            keys["secretsmanager:VersionId"] = params["VersionId"]
        return (Need(action, found["arn"], keys, found["policy"]),)

    async def call(self, operation: str, params: dict[str, Any], context: CallContext) -> dict[str, Any]:
        """Runs an operation."""
        found: Operation | None = getattr(self, f"_{operation}", None) if operation[:1].isupper() else None
        if found is None:
            known = [name[1:] for name in dir(self) if name[:1] == "_" and name[1:2].isupper()]
            raise unsupported("secretsmanager", operation, known)
        return found(params, context.region, context.session)

    # Secrets

    def _CreateSecret(self, params: dict[str, Any], region: str, session: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        value = _value(params)
        again = self._catalogue.find(params["Name"], region)
        token = params.get("ClientRequestToken")
        # The same request once more, because its answer was lost.
        if again is not None and again["deletion"] is None and value is not None and self._versions.has(again, token):
            version = self._versions.add(again, token, *value, (CURRENT,), session)
            return _named(again) | {"VersionId": version.id}
        document = self._catalogue.create(params, region)
        if value is None:
            self._catalogue.put(document)
            return _named(document)
        return _named(document) | {"VersionId": self._versions.add(document, token, *value, (CURRENT,), session).id}

    def _DescribeSecret(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        document = self._catalogue.need(params["SecretId"], region, dead=True)
        stages = {version.id: list(version.stages) for version in self._versions.all(document) if version.stages}
        return self._shown(document) | {"VersionIdsToStages": stages or None}

    def _ListSecrets(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        dead = params.get("IncludePlannedDeletion", False)
        found = [one for one in self._catalogue.list(region) if dead or one["deletion"] is None]
        found = chosen(found, params.get("Filters", ()))
        found.sort(key=lambda one: one["created"], reverse=params.get("SortOrder") != "asc")
        shown, following = _page(found, params)
        listed = []
        for one in shown:
            stages = {version.id: list(version.stages) for version in self._versions.all(one) if version.stages}
            listed.append(self._shown(one) | {"SecretVersionsToStages": stages or None})
        return {"SecretList": listed, "NextToken": following}

    def _UpdateSecret(self, params: dict[str, Any], region: str, session: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        document, value = self._catalogue.need(params["SecretId"], region), _value(params)
        if "Description" in params:
            document |= {"description": params["Description"]}
        if params.get("KmsKeyId") is not None and (params["KmsKeyId"] or None) != document["kms"]:
            document |= {"kms": params["KmsKeyId"] or None}
            self._versions.reseal(document, session)
        self._catalogue.put(document)
        if value is None:
            return _named(document)
        version = self._versions.add(document, params.get("ClientRequestToken"), *value, (CURRENT,), session)
        return _named(document) | {"VersionId": version.id}

    def _DeleteSecret(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        found = self._catalogue.delete(params, region)
        return _named(found) | {"DeletionDate": _date(found["deletion"])}

    def _RestoreSecret(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        return _named(self._catalogue.restore(params["SecretId"], region))

    # Values

    def _GetSecretValue(self, params: dict[str, Any], region: str, session: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        document = self._catalogue.need(params["SecretId"], region)
        version = self._versions.find(document, params.get("VersionId"), params.get("VersionStage"))
        value = self._versions.value(document, version, session)
        self._catalogue.accessed(document)
        shown = {version.kind: value.decode() if version.kind == "SecretString" else value}
        stages = list(version.stages) or None
        facts = {"VersionId": version.id, "VersionStages": stages, "CreatedDate": _date(version.created)}
        return _named(document) | facts | shown

    def _PutSecretValue(self, params: dict[str, Any], region: str, session: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        document, value = self._catalogue.need(params["SecretId"], region), _value(params)
        if value is None:
            raise refused("You must provide either SecretString or SecretBinary.")
        stages = params.get("VersionStages") or (CURRENT,)
        version = self._versions.add(document, params.get("ClientRequestToken"), *value, stages, session)
        return _named(document) | {"VersionId": version.id, "VersionStages": list(version.stages)}

    def _UpdateSecretVersionStage(  # noqa: N802
        self, params: dict[str, Any], region: str, _: RoleSession | None
    ) -> dict[str, Any]:
        document = self._catalogue.need(params["SecretId"], region)
        source, target = params.get("RemoveFromVersionId"), params.get("MoveToVersionId")
        self._versions.move(document, params["VersionStage"], source, target)
        return _named(document)

    def _ListSecretVersionIds(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        document = self._catalogue.need(params["SecretId"], region, dead=True)
        every = params.get("IncludeDeprecated", False)
        found = [one for one in self._versions.all(document) if every or one.stages]
        shown, following = _page(found, params)
        versions = [
            {"VersionId": one.id, "VersionStages": list(one.stages), "CreatedDate": _date(one.created)} for one in shown
        ]
        return _named(document) | {"Versions": versions, "NextToken": following}

    # Tags and policies

    def _TagResource(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        self._catalogue.tag(params["SecretId"], region, params["Tags"], ())
        return {}

    def _UntagResource(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        self._catalogue.tag(params["SecretId"], region, (), params["TagKeys"])
        return {}

    def _GetResourcePolicy(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        document = self._catalogue.need(params["SecretId"], region)
        return _named(document) | {"ResourcePolicy": document["policy"]}

    def _PutResourcePolicy(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        policy, block = params["ResourcePolicy"], bool(params.get("BlockPublicPolicy"))
        return _named(self._catalogue.set_policy(params["SecretId"], region, policy, block_public=block))

    def _DeleteResourcePolicy(self, params: dict[str, Any], region: str, _: RoleSession | None) -> dict[str, Any]:  # noqa: N802
        return _named(self._catalogue.set_policy(params["SecretId"], region, None))

    def _shown(self, document: Document) -> dict[str, Any]:
        dates = {
            name: _date(document[key]) if document[key] is not None else None
            for name, key in (
                ("CreatedDate", "created"), ("LastChangedDate", "changed"), ("LastAccessedDate", "accessed"),
                ("DeletedDate", "deletion"),
            )
        }  # fmt: skip
        tags = [{"Key": name, "Value": value} for name, value in sorted(document["tags"].items())]
        facts = {"Description": document["description"], "KmsKeyId": document["kms"], "Tags": tags}
        return _named(document) | facts | dates


def _named(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"ARN": document["arn"], "Name": document["name"]}


def _value(params: Mapping[str, Any]) -> tuple[Kind, bytes] | None:
    text, blob = params.get("SecretString"), params.get("SecretBinary")
    if text is not None and blob is not None:
        raise wrong("You can't specify both a binary secret value and a string secret value in the same secret.")
    value = text.encode() if text is not None else blob
    if value is None:
        return None
    if len(value) > _VALUE_BYTES:
        text = (
            f"1 validation error detected: The secret value has {len(value)} bytes; at most {_VALUE_BYTES} are allowed"
        )
        raise ServiceError("ValidationException", text)
    return ("SecretString" if text is not None else "SecretBinary"), value


def _page(items: list[Any], params: Mapping[str, Any]) -> tuple[list[Any], str | None]:
    """Tokens are offsets."""
    token = params.get("NextToken") or "0"
    if not (token.isascii() and token.isdigit() and len(token) < 10):
        raise ServiceError("InvalidNextTokenException", "The NextToken value is invalid.")
    start, size = int(token), params.get("MaxResults") or 100
    return items[start : start + size], str(start + size) if start + size < len(items) else None


def _date(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
