"""A secret's versions and the labels that move between them.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html (versions, staging labels)
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal
from uuid import uuid4

from localcloud.aws.ports import RoleSession
from localcloud.aws.secretsmanager.errors import exists, missing_value, refused, wrong
from localcloud.aws.secretsmanager.sealing import Sealing
from localcloud.aws.secretsmanager.store import Document, Store, Version

CURRENT: Final = "AWSCURRENT"
PREVIOUS: Final = "AWSPREVIOUS"
_KEPT: Final = 100  # versions without a label

Kind = Literal["SecretString", "SecretBinary"]


class Versions:
    """Adds values, reads them, moves labels."""

    def __init__(self, store: Store, sealing: Sealing) -> None:
        self._store = store
        self._sealing = sealing

    def all(self, secret: Document) -> list[Version]:
        """All versions, the oldest first."""
        return self._store.versions(secret["arn"])

    def has(self, secret: Document, version_id: str | None) -> bool:
        """Whether there is a version of that id."""
        return any(version.id == version_id for version in self.all(secret))

    def find(self, secret: Document, version_id: str | None, stage: str | None) -> Version:
        """The version of an id, of a label, or the current one."""
        label = stage or (CURRENT if version_id is None else None)
        for version in self.all(secret):
            if version_id in (None, version.id) and (label is None or label in version.stages):
                return version
        if version_id is None:
            raise missing_value(f"staging label: {label}")
        if stage is not None and self.has(secret, version_id):
            raise refused("You provided a VersionStage that is not associated to the provided VersionId.")
        raise missing_value(f"VersionId: {version_id}")

    def value(self, secret: Document, version: Version, session: RoleSession | None) -> bytes:
        """The value, in plain."""
        where = (secret["arn"], version.id, secret["region"], session)
        return self._sealing.open(version.sealed, version.key, *where)

    def add(  # noqa: PLR0917 - a version's parts
        self,
        secret: Document,
        token: str | None,
        kind: Kind,
        value: bytes,
        stages: Sequence[str],
        session: RoleSession | None,
    ) -> Version:
        """A new value with its labels; the same again for the same token and value."""
        found = self.all(secret)
        version_id = token or str(uuid4())
        same = next((version for version in found if version.id == version_id), None)
        if same is not None:
            if same.kind == kind and self.value(secret, same, session) == value:
                return same
            text = (
                "You can't use ClientRequestToken {} because that value is already in use for a version of secret {}."
            )
            raise exists(text.format(version_id, secret["arn"]))
        sealed, key = self._sealing.seal(value, secret["kms"], secret["arn"], version_id, secret["region"], session)
        labels = dict.fromkeys(stages) if found else dict.fromkeys((*stages, CURRENT))
        version = Version(version_id, (), time.time(), kind, sealed, key)
        with self._store.transaction():
            self._store.put(secret | {"changed": time.time()})
            self._store.put_version(secret["arn"], version)
            for label in labels:
                self._label(secret, label, version_id)
            self._forget(secret)
        return replace(version, stages=tuple(labels))

    def move(self, secret: Document, stage: str, source: str | None, target: str | None) -> None:
        """UpdateSecretVersionStage."""
        found = {version.id: version for version in self.all(secret)}
        for version_id in (source, target):
            if version_id is not None and version_id not in found:
                raise missing_value(f"VersionId: {version_id}")
        holder = next((version.id for version in found.values() if stage in version.stages), None)
        if source is not None and source != holder:
            raise wrong(
                f"The staging label {stage} is currently not attached to version {source}, so it can't be removed."
            )
        if target is not None and source is None and holder not in (None, target):
            text = f"The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to "
            raise wrong(
                f"{text}version {holder}, so you must explicitly reference that version in RemoveFromVersionId."
            )
        if stage == CURRENT and target is None:
            raise wrong(
                "You can only move staging label AWSCURRENT to a different secret version. It can't be removed."
            )
        with self._store.transaction():
            self._store.put(secret | {"changed": time.time()})
            self._label(secret, stage, target)

    def reseal(self, secret: Document, session: RoleSession | None) -> None:
        """Puts the labelled versions under the secret's present key."""
        for version in self.all(secret):
            if version.stages:
                value = self.value(secret, version, session)
                sealed, key = self._sealing.seal(
                    value, secret["kms"], secret["arn"], version.id, secret["region"], session
                )
                self._store.put_version(secret["arn"], replace(version, sealed=sealed, key=key))

    def _label(self, secret: Document, label: str, target: str | None) -> None:
        """Gives a label to one version, or to none. Who loses AWSCURRENT becomes AWSPREVIOUS."""
        for version in self.all(secret):
            if label in version.stages and version.id != target:
                left = tuple(stage for stage in version.stages if stage != label)
                self._store.put_version(secret["arn"], replace(version, stages=left))
                if label == CURRENT:
                    self._label(secret, PREVIOUS, version.id)
            elif version.id == target and label not in version.stages:
                self._store.put_version(secret["arn"], replace(version, stages=(*version.stages, label)))

    def _forget(self, secret: Document) -> None:
        unlabelled = [version.id for version in self.all(secret) if not version.stages]
        for version_id in unlabelled[: max(0, len(unlabelled) - _KEPT)]:
            self._store.remove_version(secret["arn"], version_id)
