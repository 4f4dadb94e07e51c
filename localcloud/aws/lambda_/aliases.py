"""Aliases: names of versions, perhaps with a share of the traffic for a second one."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from localcloud.aws.lambda_.errors import conflict, invalid, missing, stale_revision
from localcloud.aws.lambda_.store import Document, Store

_NAME = re.compile(r"(?!^[0-9]+$)([a-zA-Z0-9\-_]{1,128})")


class Aliases:
    """The alias operations. `arn` is the function's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str, alias: str, arn: str) -> Document:
        """An alias, as answered."""
        found = self._store.get("alias", name, alias)
        if found is None:
            raise missing(f"Cannot find alias arn: {arn}:{alias}")
        return found

    def create(self, name: str, arn: str, params: dict[str, Any]) -> Document:
        """CreateAlias."""
        alias = params["Name"]
        if not _NAME.fullmatch(alias):
            raise invalid(
                f"Value '{alias}' at 'name' failed to satisfy constraint: letters, digits, '-', '_'; no number"
            )
        if self._store.get("alias", name, alias) is not None:
            raise conflict(f"Alias already exists: {arn}:{alias}")
        document = {"AliasArn": f"{arn}:{alias}", "Name": alias, "Description": params.get("Description", "")}
        return self._write(name, arn, document, params)

    def update(self, name: str, arn: str, params: dict[str, Any]) -> Document:
        """UpdateAlias."""
        document = self.get(name, params["Name"], arn)
        if params.get("RevisionId") not in (None, document["RevisionId"]):
            raise stale_revision()
        if "Description" in params:
            document["Description"] = params["Description"]
        return self._write(name, arn, document, params)

    def list(self, name: str, version: str | None) -> list[Document]:
        """ListAliases."""
        found = [document for _, _, document in self._store.all("alias", name)]
        return [document for document in found if version in (None, document["FunctionVersion"])]

    def delete(self, name: str, alias: str) -> None:
        """DeleteAlias; succeeds also where there is none, as on AWS."""
        self._store.delete("alias", name, alias)
        self._store.delete("policy", name, alias)

    def _write(self, name: str, arn: str, document: Document, params: dict[str, Any]) -> Document:
        version = params.get("FunctionVersion") or document["FunctionVersion"]
        self._exists(name, arn, version)
        document["FunctionVersion"] = version
        if "RoutingConfig" in params:
            weights = params["RoutingConfig"].get("AdditionalVersionWeights") or {}
            document.pop("RoutingConfig", None)
            if len(weights) > 1:
                raise invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
            for other, weight in weights.items():
                if "$LATEST" in (version, other):
                    raise invalid("$LATEST is not supported for an alias pointing to more than 1 version")
                if other == version:
                    raise invalid(f"Invalid function version {other}. Function version {version} is already included")
                if not 0 <= weight <= 1:
                    raise invalid("Weights must be between 0.0 and 1.0")
                self._exists(name, arn, other)
            if weights:
                document["RoutingConfig"] = {"AdditionalVersionWeights": weights}
        document["RevisionId"] = str(uuid4())
        self._store.put("alias", name, document["Name"], document)
        return document

    def _exists(self, name: str, arn: str, version: str) -> None:
        if version != "$LATEST" and self._store.get("version", name, version) is None:
            raise missing(f"Function not found: {arn}:{version}")
