"""Secrets Manager with boto3."""

import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.aws.conftest import ACCOUNT, Cloud

TOKENS = [str(number) * 32 for number in range(5)]


def error(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**params)
    found = caught.value.response["Error"]
    return found["Code"], found["Message"]


def code(call: Callable[..., Any], **params: Any) -> str:
    return error(call, **params)[0]


def stages(client: Any, name: str) -> dict[str, list[str]]:
    return {key: sorted(value) for key, value in client.describe_secret(SecretId=name)["VersionIdsToStages"].items()}


def test_a_secrets_life(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    made = client.create_secret(
        Name="app/key", SecretString="one", Description="d", Tags=[{"Key": "a", "Value": "b"}],
        ClientRequestToken=TOKENS[0],
    )  # fmt: skip
    arn = made["ARN"]
    prefix = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:app/key"
    assert arn.startswith(f"{prefix}-")
    assert len(arn) == len(prefix) + 7
    for name in ("app/key", arn, prefix):
        found = client.get_secret_value(SecretId=name)
        assert (found["SecretString"], found["VersionStages"], found["ARN"]) == ("one", ["AWSCURRENT"], arn)
    assert "SecretBinary" not in found
    described = client.describe_secret(SecretId="app/key")
    assert (described["Description"], described["Tags"]) == ("d", [{"Key": "a", "Value": "b"}])
    assert "KmsKeyId" not in described
    assert described["LastAccessedDate"] < described["LastChangedDate"]
    client.untag_resource(SecretId=arn, TagKeys=["a"])
    client.tag_resource(SecretId=arn, Tags=[{"Key": "c", "Value": "d"}])
    assert client.describe_secret(SecretId=arn)["Tags"] == [{"Key": "c", "Value": "d"}]
    assert code(client.create_secret, Name="app/key", SecretString="x") == "ResourceExistsException"
    assert code(client.create_secret, Name="a b") == "ValidationException"
    assert code(client.get_secret_value, SecretId="none") == "ResourceNotFoundException"
    assert code(client.rotate_secret, SecretId=arn) == "UnsupportedOperation"


def test_versions_and_their_stages(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    client.create_secret(Name="s")
    assert error(client.get_secret_value, SecretId="s") == (
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    )
    first = client.put_secret_value(SecretId="s", SecretString="1", ClientRequestToken=TOKENS[1])
    assert first["VersionStages"] == ["AWSCURRENT"]
    client.put_secret_value(SecretId="s", SecretString="2", ClientRequestToken=TOKENS[2])
    assert stages(client, "s") == {TOKENS[1]: ["AWSPREVIOUS"], TOKENS[2]: ["AWSCURRENT"]}
    client.put_secret_value(
        SecretId="s", SecretBinary=b"\xff3", ClientRequestToken=TOKENS[3], VersionStages=["AWSPENDING"]
    )
    assert client.get_secret_value(SecretId="s")["SecretString"] == "2"
    assert client.get_secret_value(SecretId="s", VersionStage="AWSPENDING")["SecretBinary"] == b"\xff3"
    assert client.get_secret_value(SecretId="s", VersionStage="AWSPREVIOUS")["SecretString"] == "1"
    move = {"SecretId": "s", "VersionStage": "AWSCURRENT", "MoveToVersionId": TOKENS[3]}
    assert code(client.update_secret_version_stage, **move) == "InvalidParameterException"
    client.update_secret_version_stage(**move, RemoveFromVersionId=TOKENS[2])
    assert stages(client, "s") == {TOKENS[2]: ["AWSPREVIOUS"], TOKENS[3]: ["AWSCURRENT", "AWSPENDING"]}
    client.update_secret_version_stage(SecretId="s", VersionStage="AWSPENDING", RemoveFromVersionId=TOKENS[3])
    assert code(
        client.update_secret_version_stage, SecretId="s", VersionStage="AWSCURRENT", RemoveFromVersionId=TOKENS[3]
    ) == "InvalidParameterException"  # fmt: skip
    listed = client.list_secret_version_ids(SecretId="s")["Versions"]
    assert [version["VersionId"] for version in listed] == TOKENS[2:4]
    every = client.list_secret_version_ids(SecretId="s", IncludeDeprecated=True)["Versions"]
    assert len(every) == 3
    assert code(client.get_secret_value, SecretId="s", VersionId=TOKENS[4]) == "ResourceNotFoundException"
    both = {"VersionId": TOKENS[2], "VersionStage": "AWSCURRENT"}
    assert code(client.get_secret_value, SecretId="s", **both) == "InvalidRequestException"


def test_the_same_request_again_changes_nothing(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    once = {"Name": "s", "SecretString": "1", "ClientRequestToken": TOKENS[0]}
    assert client.create_secret(**once)["ARN"] == client.create_secret(**once)["ARN"]
    again = {"SecretId": "s", "SecretString": "2", "ClientRequestToken": TOKENS[1]}
    client.put_secret_value(**again)
    client.put_secret_value(**again)
    assert len(client.list_secret_version_ids(SecretId="s", IncludeDeprecated=True)["Versions"]) == 2
    found, message = error(client.put_secret_value, **again | {"SecretString": "hush"})
    assert found == "ResourceExistsException"
    assert "hush" not in message


def test_update_changes_value_description_and_key(cloud: Cloud) -> None:
    client, kms = cloud.client("secretsmanager"), cloud.client("kms")
    old, new = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    client.create_secret(Name="s", SecretString="1", KmsKeyId=old)
    assert "VersionId" not in client.update_secret(SecretId="s", Description="d")
    assert client.update_secret(SecretId="s", SecretString="2", KmsKeyId=new)["VersionId"]
    described = client.describe_secret(SecretId="s")
    assert (described["Description"], described["KmsKeyId"]) == ("d", new)
    kms.disable_key(KeyId=old)
    assert client.get_secret_value(SecretId="s")["SecretString"] == "2"
    assert client.get_secret_value(SecretId="s", VersionStage="AWSPREVIOUS")["SecretString"] == "1"
    kms.disable_key(KeyId=new)
    assert code(client.get_secret_value, SecretId="s") == "DecryptionFailure"
    assert code(client.put_secret_value, SecretId="s", SecretString="3") == "EncryptionFailure"
    assert code(client.create_secret, Name="t", SecretString="3", KmsKeyId="alias/none") == "EncryptionFailure"
    assert code(client.describe_secret, SecretId="t") == "ResourceNotFoundException"


def test_deletion_and_recovery(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    arn = client.create_secret(Name="s", SecretString="1")["ARN"]
    for wrong in ({"RecoveryWindowInDays": 6}, {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True}):
        assert code(client.delete_secret, SecretId="s", **wrong) == "InvalidParameterException"
    planned = client.delete_secret(SecretId="s", RecoveryWindowInDays=7)["DeletionDate"]
    assert client.describe_secret(SecretId="s")["DeletedDate"] == planned
    for call, params in (
        (client.get_secret_value, {}),
        (client.put_secret_value, {"SecretString": "x"}),
        (client.delete_secret, {}),
    ):
        assert code(call, SecretId="s", **params) == "InvalidRequestException"
    assert error(client.create_secret, Name="s", SecretString="2") == (
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
    )
    assert client.list_secrets()["SecretList"] == []
    assert len(client.list_secrets(IncludePlannedDeletion=True)["SecretList"]) == 1
    assert client.restore_secret(SecretId="s")["ARN"] == arn
    assert client.get_secret_value(SecretId="s")["SecretString"] == "1"

    client.delete_secret(SecretId="s")
    with sqlite3.connect(cloud.data / "secretsmanager.sqlite3") as database:
        found = json.loads(database.execute("SELECT document FROM secrets").fetchone()[0])
        database.execute(
            "UPDATE secrets SET document = ?", (json.dumps(found | {"deletion": time.time() - 1}).encode(),)
        )
    database.close()
    assert client.create_secret(Name="s", SecretString="2")["ARN"] != arn
    client.delete_secret(SecretId="s", ForceDeleteWithoutRecovery=True)
    assert code(client.describe_secret, SecretId="s") == "ResourceNotFoundException"
    assert client.delete_secret(SecretId="s", ForceDeleteWithoutRecovery=True)["Name"] == "s"
    client.create_secret(Name="s", SecretString="3")


def test_lists_are_filtered_and_paged(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    for name, description in (("a/1", "the first"), ("a/2", ""), ("b", "")):
        client.create_secret(Name=name, Description=description, Tags=[{"Key": f"k{name}", "Value": "v"}])

    def names(**params: Any) -> list[str]:
        return [one["Name"] for one in client.list_secrets(SortOrder="asc", **params)["SecretList"]]

    assert names() == ["a/1", "a/2", "b"]
    assert names(Filters=[{"Key": "name", "Values": ["a/"]}]) == ["a/1", "a/2"]
    assert names(Filters=[{"Key": "name", "Values": ["!a/"]}]) == ["b"]
    assert names(Filters=[{"Key": "description", "Values": ["First"]}]) == ["a/1"]
    assert names(Filters=[{"Key": "tag-key", "Values": ["kb"]}, {"Key": "tag-value", "Values": ["v"]}]) == ["b"]
    page = client.list_secrets(MaxResults=2, SortOrder="asc")
    rest = client.list_secrets(MaxResults=2, SortOrder="asc", NextToken=page["NextToken"])
    assert [one["Name"] for one in page["SecretList"] + rest["SecretList"]] == ["a/1", "a/2", "b"]
    assert code(client.list_secrets, NextToken="x") == "InvalidNextTokenException"


def test_resource_policies(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    client.create_secret(Name="s")
    assert "ResourcePolicy" not in client.get_resource_policy(SecretId="s")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    refused = code(client.put_resource_policy, SecretId="s", ResourcePolicy=policy, BlockPublicPolicy=True)
    assert refused == "PublicPolicyException"
    assert code(client.put_resource_policy, SecretId="s", ResourcePolicy="{}") == "MalformedPolicyDocumentException"
    client.put_resource_policy(SecretId="s", ResourcePolicy=policy)
    assert client.get_resource_policy(SecretId="s")["ResourcePolicy"] == policy
    client.delete_resource_policy(SecretId="s")
    assert "ResourcePolicy" not in client.get_resource_policy(SecretId="s")


def test_values_have_a_limit_in_bytes(cloud: Cloud) -> None:
    client = cloud.client("secretsmanager")
    client.create_secret(Name="s", SecretString="x" * 65_536)
    found, message = error(client.put_secret_value, SecretId="s", SecretString="\u00e9" * 40_000)
    assert found == "ValidationException"
    assert "\u00e9" not in message
    assert len(client.get_secret_value(SecretId="s")["SecretString"]) == 65_536
