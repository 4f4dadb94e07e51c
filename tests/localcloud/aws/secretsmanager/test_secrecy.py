"""Secrets in the whole local AWS: who may read them, what survives a kill, and where their values are not."""

import base64
import json
import time
from typing import Any

import httpx
import psutil
import pytest
from botocore.exceptions import ClientError

from tests.localcloud.aws.process import ACCOUNT, Process

MARKER = "m4rker-9f1e-hush"
CODE = """
import boto3
import botocore.exceptions


def handler(event, context):
    try:
        found = boto3.client("secretsmanager").get_secret_value(SecretId=event["secret"])
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Message"]
    return len(found["SecretString"])
"""


def decisions(process: Process) -> list[tuple[str, str, bool]]:
    time.sleep(0.3)
    lines = (process.folder / "logs" / "access.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    return [(entry["action"], entry["resource"], entry["allowed"]) for entry in found if ":" in entry["resource"]]


def test_a_role_needs_the_right_to_the_secret_and_to_its_key(process: Process) -> None:
    process.start()
    process.function("f", CODE)
    client, kms = process.client("secretsmanager"), process.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    secret = client.create_secret(Name="s", SecretString=MARKER, KmsKeyId=key)["ARN"]
    assert f"secretsmanager:GetSecretValue on resource: {secret}" in process.invoke("f", secret="s")
    assert "on resource: unknown because no identity-based policy" in process.invoke("f", secret="unknown")
    process.allow("f", "secretsmanager:GetSecretValue", secret, name="secret")
    assert process.invoke("f", secret="s") == "Access to KMS is not allowed"
    via = {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    process.allow("f", "kms:Decrypt", key, name="key", Condition={"StringEquals": via})
    assert process.invoke("f", secret="s") == "Access to KMS is not allowed"
    via = {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com", "kms:EncryptionContext:SecretARN": secret}
    process.allow("f", "kms:Decrypt", key, name="key", Condition={"StringEquals": via})
    assert process.invoke("f", secret="s") == len(MARKER)
    used = {(action, resource) for action, resource, allowed in decisions(process) if allowed}
    assert used == {("secretsmanager:GetSecretValue", secret), ("kms:Decrypt", key)}

    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/a"}, "Action": "kms:*"}
    closed = json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": "*"}]})
    kms.put_key_policy(KeyId=key, Policy=closed)
    assert process.invoke("f", secret="s") == "Access to KMS is not allowed"


def test_the_services_own_key_and_a_resource_policy_suffice(process: Process) -> None:
    process.start()
    role = process.function("f", CODE)
    client = process.client("secretsmanager")
    client.create_secret(Name="s", SecretString=MARKER)
    statement = {"Principal": {"AWS": role}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    for effect, expected in (("Allow", len(MARKER)), ("Deny", "with an explicit deny in a resource-based policy")):
        document = {"Version": "2012-10-17", "Statement": [statement | {"Effect": effect}]}
        client.put_resource_policy(SecretId="s", ResourcePolicy=json.dumps(document))
        answer = process.invoke("f", secret="s")
        assert answer == expected or str(answer).endswith(str(expected))


def test_keys_and_secrets_survive_a_kill(process: Process) -> None:
    process.start()
    key = process.client("kms").create_key()["KeyMetadata"]["KeyId"]
    process.client("kms").create_alias(AliasName="alias/a", TargetKeyId=key)
    blob = process.client("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    client = process.client("secretsmanager")
    arn = client.create_secret(Name="s", SecretString="1", KmsKeyId="alias/a")["ARN"]
    client.put_secret_value(SecretId="s", SecretString="2")
    process.end(kill=True)
    process.start()
    client = process.client("secretsmanager")
    found = client.get_secret_value(SecretId="s")
    assert (found["ARN"], found["SecretString"]) == (arn, "2")
    assert client.get_secret_value(SecretId="s", VersionStage="AWSPREVIOUS")["SecretString"] == "1"
    assert process.client("kms").decrypt(CiphertextBlob=blob, KeyId="alias/a")["Plaintext"] == b"x"


def test_no_value_is_anywhere_in_plain(process: Process, capfd: pytest.CaptureFixture[str]) -> None:
    process.start()
    process.function("f", CODE)
    client, kms = process.client("secretsmanager"), process.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    client.create_secret(Name="s", SecretString=MARKER, KmsKeyId=key)
    client.create_secret(Name="b", SecretBinary=MARKER.encode())
    client.update_secret(SecretId="s", SecretString=json.dumps({"inner": MARKER}))
    token = "t" * 32
    client.put_secret_value(SecretId="s", SecretString=MARKER, ClientRequestToken=token)
    kms.encrypt(KeyId=key, Plaintext=MARKER.encode(), EncryptionContext={"a": "b"})
    process.allow("f", ["secretsmanager:GetSecretValue", "kms:Decrypt"], "*")
    assert process.invoke("f", secret="s") == len(MARKER)
    failing: list[tuple[Any, dict[str, Any]]] = [
        (client.put_secret_value, {"SecretId": "s", "SecretString": MARKER + "2", "ClientRequestToken": token}),
        (client.put_secret_value, {"SecretId": "none", "SecretString": MARKER}),
        (client.create_secret, {"Name": "s", "SecretString": MARKER}),
        (client.create_secret, {"Name": "a b", "SecretString": MARKER}),
        (client.create_secret, {"Name": "c", "SecretString": MARKER, "SecretBinary": MARKER.encode()}),
        (client.put_secret_value, {"SecretId": "s", "SecretString": MARKER * 5000}),
        (kms.encrypt, {"KeyId": key, "Plaintext": (MARKER * 500).encode()}),
        (kms.encrypt, {"KeyId": "none", "Plaintext": MARKER.encode()}),
    ]
    for call, params in failing:
        with pytest.raises(ClientError) as caught:
            call(**params)
        assert MARKER not in str(caught.value.response)
    client.delete_secret(SecretId="b", ForceDeleteWithoutRecovery=True)
    broken = f'{{"SecretId": "s", "SecretString": "{MARKER}"'.encode()
    headers = {
        "x-amz-target": "secretsmanager.PutSecretValue",
        "authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/secretsmanager/aws4_request",
    }
    for target in ("secretsmanager.PutSecretValue", "secretsmanager.Unknown", "Elsewhere.PutSecretValue"):
        answer = httpx.post(
            f"http://127.0.0.1:{process.port}", content=broken, headers=headers | {"x-amz-target": target}
        )
        assert answer.status_code >= 400
        assert MARKER not in answer.text
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(process.folder / "c"))) as control:
        shown = control.get("http://control/status").text
    assert process.running is not None
    host = psutil.Process(process.running.pid)
    for found in [host, *host.children(recursive=True)]:
        shown += " ".join(found.cmdline()) + json.dumps(found.environ())
    time.sleep(0.3)
    places = {"status, arguments, environments": shown.encode()}
    places |= {str(path): path.read_bytes() for path in process.folder.rglob("*") if path.is_file()}
    process.end()
    places |= {f"{path} after": path.read_bytes() for path in process.folder.rglob("*") if path.is_file()}
    places["output"] = "".join(capfd.readouterr()).encode()
    assert any("secretsmanager.sqlite3" in place for place in places)
    forms = [MARKER.encode(), MARKER.encode("utf-16-le"), MARKER.encode().hex().encode()]
    # Base64 of the marker wherever it begins in a text: its inner part, at each of three offsets.
    forms += [base64.b64encode(b" " * shift + MARKER.encode())[4:-4] for shift in range(3)]
    for place, content in places.items():
        for form in forms:
            assert form not in content, place


def test_an_exposed_key_file_stops_the_start(process: Process) -> None:
    process.start()
    process.client("kms").create_key()
    process.end()
    (process.folder / "data" / "kms" / "root.key").chmod(0o644)
    word, fields = process.start()
    assert (word, fields["code"]) == ("failed", "KeyFileExposed")
    assert "chmod 600" in fields["message"]
