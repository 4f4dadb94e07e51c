"""KMS with boto3."""

import json
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.aws.kms.store import Store
from localcloud.key_file import KeyFileError, root_key
from tests.localcloud.aws.conftest import ACCOUNT, Cloud


def code(call: Callable[..., Any], **params: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def test_a_keys_life(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    made = kms.create_key(Description="d", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]
    key, arn = made["KeyId"], made["Arn"]
    assert arn == f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{key}"
    assert (made["KeyState"], made["KeyManager"], made["Enabled"]) == ("Enabled", "CUSTOMER", True)
    assert kms.list_keys()["Keys"] == [{"KeyId": key, "KeyArn": arn}]
    kms.update_key_description(KeyId=arn, Description="e")
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "c", "TagValue": "d"}])
    kms.untag_resource(KeyId=key, TagKeys=["a"])
    assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "c", "TagValue": "d"}]
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Statement"][0]["Action"] == "kms:*"
    assert code(kms.put_key_policy, KeyId=key, Policy="no") == "MalformedPolicyDocumentException"

    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 90)
    assert timedelta(89) < status["NextRotationDate"] - datetime.now(UTC) < timedelta(91)
    kms.disable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False

    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.disable_key(KeyId=key)
    assert code(kms.encrypt, KeyId=key, Plaintext=b"x") == "DisabledException"
    assert code(kms.decrypt, CiphertextBlob=blob) == "DisabledException"
    kms.enable_key(KeyId=key)
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"

    assert code(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=6) == "ValidationException"
    planned = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert (planned["KeyState"], planned["KeyId"]) == ("PendingDeletion", arn)
    assert code(kms.decrypt, CiphertextBlob=blob) == "KMSInvalidStateException"
    assert code(kms.enable_key, KeyId=key) == "KMSInvalidStateException"
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["DeletionDate"] == planned["DeletionDate"]
    assert kms.cancel_key_deletion(KeyId=key)["KeyId"] == arn
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
    assert code(kms.cancel_key_deletion, KeyId=key) == "KMSInvalidStateException"


def test_what_is_not_there(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    nowhere = "00000000-0000-4000-8000-000000000000"
    for name in (nowhere, f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{nowhere}", "alias/none"):
        assert code(kms.describe_key, KeyId=name) == "NotFoundException"
    assert code(kms.create_key, KeySpec="RSA_2048") == "UnsupportedOperationException"
    assert code(kms.create_key, MultiRegion=True) == "UnsupportedOperationException"
    assert code(kms.list_grants, KeyId=nowhere) == "UnsupportedOperation"


def test_a_key_is_gone_when_its_deletion_is_due(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.schedule_key_deletion(KeyId=key)
    with sqlite3.connect(cloud.data / "kms" / "kms.sqlite3") as database:
        found = json.loads(database.execute("SELECT document FROM keys").fetchone()[0])
        database.execute("UPDATE keys SET document = ?", (json.dumps(found | {"deletion": time.time() - 1}).encode(),))
    database.close()
    assert kms.list_keys()["Keys"] == []
    assert code(kms.describe_key, KeyId=key) == "NotFoundException"
    assert code(kms.decrypt, CiphertextBlob=blob) == "AccessDeniedException"
    assert kms.list_aliases()["Aliases"] == []


def test_aliases(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    first, second = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/app/main", TargetKeyId=first)
    assert code(kms.create_alias, AliasName="alias/app/main", TargetKeyId=second) == "AlreadyExistsException"
    assert code(kms.create_alias, AliasName="main", TargetKeyId=first) == "InvalidAliasNameException"
    assert code(kms.create_alias, AliasName="alias/aws/x", TargetKeyId=first) == "NotAuthorizedException"
    assert kms.describe_key(KeyId="alias/app/main")["KeyMetadata"]["KeyId"] == first
    blob = kms.encrypt(KeyId="alias/app/main", Plaintext=b"x")["CiphertextBlob"]
    kms.update_alias(AliasName="alias/app/main", TargetKeyId=second)
    assert kms.describe_key(KeyId=f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/app/main")["KeyMetadata"]["KeyId"] == second
    assert kms.decrypt(CiphertextBlob=blob)["KeyId"].endswith(first)
    listed = kms.list_aliases(KeyId=second)["Aliases"]
    assert [alias["AliasName"] for alias in listed] == ["alias/app/main"]
    assert kms.list_aliases(KeyId=first)["Aliases"] == []
    kms.delete_alias(AliasName="alias/app/main")
    assert code(kms.delete_alias, AliasName="alias/app/main") == "NotFoundException"


def test_encryption_is_bound_to_key_and_context(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key, other = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    context = {"a": "1", "b": "2"}
    blob = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    assert b"secret" not in blob
    assert blob != kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext={"b": "2", "a": "1"})["Plaintext"] == b"secret"
    for wrong in ({}, {"a": "1"}, {"a": "1", "b": "3"}):
        assert code(kms.decrypt, CiphertextBlob=blob, EncryptionContext=wrong) == "InvalidCiphertextException"
    for position in range(0, len(blob), 7):
        altered = blob[:position] + bytes([blob[position] ^ 1]) + blob[position + 1 :]
        found = code(kms.decrypt, CiphertextBlob=altered, EncryptionContext=context)
        assert found in ("InvalidCiphertextException", "AccessDeniedException"), position
    assert code(kms.decrypt, CiphertextBlob=b"no") == "InvalidCiphertextException"
    assert code(kms.decrypt, CiphertextBlob=blob, EncryptionContext=context, KeyId=other) == "IncorrectKeyException"
    assert code(kms.encrypt, KeyId=key, Plaintext=b"x" * 4097) == "ValidationException"
    assert code(kms.encrypt, KeyId=key, Plaintext=b"x", DryRun=True) == "DryRunOperationException"

    moved = kms.re_encrypt(CiphertextBlob=blob, SourceEncryptionContext=context, DestinationKeyId=other)
    assert moved["SourceKeyId"].endswith(key)
    assert kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], KeyId=other)["Plaintext"] == b"secret"


def test_data_keys(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    made = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"a": "b"})
    assert len(made["Plaintext"]) == 32
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == made["Plaintext"]
    assert len(kms.generate_data_key(KeyId=key, NumberOfBytes=7)["Plaintext"]) == 7
    assert code(kms.generate_data_key, KeyId=key) == "ValidationException"
    blind = kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_128")
    assert "Plaintext" not in blind
    assert len(kms.decrypt(CiphertextBlob=blind["CiphertextBlob"])["Plaintext"]) == 16


def test_keys_stay_in_their_region(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    made = kms.create_key()["KeyMetadata"]
    blob = kms.encrypt(KeyId=made["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    other = cloud.client("kms", region="eu-west-1")
    assert other.list_keys()["Keys"] == []
    assert code(other.describe_key, KeyId=made["Arn"]) == "NotFoundException"
    assert code(other.decrypt, CiphertextBlob=blob) == "AccessDeniedException"


def test_due_rotation_makes_new_material_and_keeps_the_old(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key)
    old = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    with sqlite3.connect(cloud.data / "kms" / "kms.sqlite3") as database:
        found = json.loads(database.execute("SELECT document FROM keys").fetchone()[0])
        found["rotation"]["since"] -= 366 * 86400
        database.execute("UPDATE keys SET document = ?", (json.dumps(found).encode(),))
    new = kms.encrypt(KeyId=key, Plaintext=b"new")["CiphertextBlob"]
    assert database.execute("SELECT generation FROM materials ORDER BY 1").fetchall() == [(1,), (2,)]
    database.close()
    assert kms.decrypt(CiphertextBlob=old)["Plaintext"] == b"old"
    assert kms.decrypt(CiphertextBlob=new)["Plaintext"] == b"new"
    assert kms.get_key_rotation_status(KeyId=key)["NextRotationDate"] > datetime.now(UTC)


def test_the_root_key_is_the_owners_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_key("k", "r", {})
    store.close()
    path = tmp_path / "root.key"
    assert path.stat().st_mode & 0o777 == 0o600
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        with pytest.raises(KeyFileError, match="chmod 600") as caught:
            Store(tmp_path)
        assert caught.value.code == "KeyFileExposed"
    path.chmod(0o600)
    kept = path.read_bytes()
    path.write_bytes(bytes(32))
    with pytest.raises(KeyFileError, match="not the key of this data"):
        Store(tmp_path)
    path.write_bytes(b"short")
    with pytest.raises(KeyFileError, match="32 bytes"):
        Store(tmp_path)
    path.unlink()
    with pytest.raises(KeyFileError, match="missing"):
        Store(tmp_path)
    (tmp_path / "elsewhere").write_bytes(kept)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileError, match="plain file"):
        root_key(path, make=True)
    path.unlink()
    path.write_bytes(kept)
    path.chmod(0o600)
    again = Store(tmp_path)
    assert again.material("k", 1) is not None
    again.close()
