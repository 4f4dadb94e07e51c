"""aws:secretsmanager/secretVersion:SecretVersion."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Set
from typing import Any, ClassVar, Final
from uuid import uuid4

from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.common import IDENTITY, REPLACING, STRINGS
from localcloud.providers.protocol.errors import ProviderError, ServiceFailureError
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.marks import has_unknown
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Failure, Property

_SERVICE: Final = "secretsmanager"
_CURRENT: Final = "AWSCURRENT"


class SecretVersion(Resource[Aws]):
    """A value of a secret; its id is `SECRETARN|VERSIONID`. Another value is another version.

    Not here: `secretStringWo`, whose value a provider may not keep.
    """

    pulumi_type = "aws:secretsmanager/secretVersion:SecretVersion"
    inputs: ClassVar = {
        "region": REPLACING,
        "secretBinary": Property(replaces=True, secret=True),
        "secretId": IDENTITY,
        "secretString": Property(replaces=True, secret=True),
        "versionStages": STRINGS,
    }
    outputs = ("arn", "region", "secretArn", "versionId", "versionStages")
    stables = ("arn", "region", "secretArn", "versionId")

    def check(self, inputs: Mapping[str, Any]) -> list[Failure]:
        given = [name for name in ("secretString", "secretBinary") if inputs.get(name) is not None]
        if len(given) != 1:
            return [Failure("secretString", "give secretString or secretBinary, one of the two")]
        binary = inputs.get("secretBinary")
        if binary is not None and not has_unknown(binary) and not _is_base64(binary):
            return [Failure("secretBinary", "must be Base64")]
        return []

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region)}

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        # The same step of a killed run used the same token; with the same value, the service answers as it did then.
        try:
            made = _put(client, inputs, identity.digest)
        except ServiceFailureError as error:
            if error.code != "ResourceExistsException":
                raise
            made = _put(client, inputs, str(uuid4()))
        if not set(inputs.get("versionStages") or (_CURRENT,)) <= set(made["VersionStages"]):
            made = _put(client, inputs, str(uuid4()))  # it was there, but its labels have moved on
        return f"{made['ARN']}|{made['VersionId']}"

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        arn, version = _pair(resource_id)
        region = known.get("region")
        try:
            found = client.find(_SERVICE, "GetSecretValue", region=region, SecretId=arn, VersionId=version)
        except ServiceFailureError as error:
            if _is_gone(error):
                return None
            raise
        if found is None:
            return None
        binary = found.get("SecretBinary")
        stages = sorted(found.get("VersionStages", ()))
        inputs = {
            "secretBinary": base64.b64encode(binary).decode() if binary is not None else None,
            "secretId": known.get("secretId") or found["ARN"],
            "secretString": found.get("SecretString"),
            "versionStages": stages,
        }
        arns = {"arn": found["ARN"], "secretArn": found["ARN"]}
        facts = {"region": region or client.region, "versionId": found["VersionId"], "versionStages": stages}
        return Actual(resource_id, inputs, arns | facts)

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        if "versionStages" not in changed:
            return
        arn, version = _pair(resource_id)
        region = news.get("region")
        stages = client.call(_SERVICE, "DescribeSecret", region, SecretId=arn).get("VersionIdsToStages", {})
        wanted = set(news.get("versionStages") or (_CURRENT,))
        for label in sorted(wanted - set(stages.get(version, ()))):
            holder = next((key for key, labels in stages.items() if label in labels), None)
            move = {"SecretId": arn, "VersionStage": label, "MoveToVersionId": version, "RemoveFromVersionId": holder}
            client.call(_SERVICE, "UpdateSecretVersionStage", region, **move)
        _unlabel(client, arn, version, set(stages.get(version, ())) - wanted, region)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        # Versions cannot be deleted; one without a label is forgotten in time. AWSCURRENT cannot be taken away.
        arn, version = _pair(resource_id)
        try:
            _unlabel(client, arn, version, known.get("versionStages") or (), known.get("region"))
        except ServiceFailureError as error:
            if not _is_gone(error) and error.code != "InvalidParameterException":  # the label has moved already
                raise


def _put(client: Aws, inputs: Mapping[str, Any], token: str) -> dict[str, Any]:
    binary = inputs.get("secretBinary")
    return client.call(
        _SERVICE,
        "PutSecretValue",
        inputs.get("region"),
        SecretId=inputs["secretId"],
        ClientRequestToken=token,
        SecretString=inputs.get("secretString"),
        SecretBinary=base64.b64decode(binary) if binary is not None else None,
        VersionStages=inputs.get("versionStages") or None,
    )


def _unlabel(client: Aws, arn: str, version: str, labels: Iterable[str], region: str | None) -> None:
    for label in sorted(set(labels) - {_CURRENT}):
        gone = {"SecretId": arn, "VersionStage": label, "RemoveFromVersionId": version}
        client.discard(_SERVICE, "UpdateSecretVersionStage", region=region, **gone)


def _is_gone(error: ServiceFailureError) -> bool:
    return error.code == "InvalidRequestException" and "marked for deletion" in error.message


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True


def _pair(resource_id: str) -> tuple[str, str]:
    arn, found, version = resource_id.rpartition("|")
    if not found:
        token = SecretVersion.pulumi_type
        raise ProviderError(f"{token}: the id {resource_id!r} must have the form SECRETARN|VERSIONID")
    return arn, version
