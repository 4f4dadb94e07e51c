"""Keys, aliases, secrets and their versions: the real Pulumi engine against the whole local AWS."""

import json
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.localcloud.aws.process import Process
from tests.localcloud.providers.conftest import Stack, find_pulumi

PROGRAM = Path(__file__).parent / "secrets_program"


@pytest.fixture
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    import tempfile  # noqa: PLC0415

    del tmp_path_factory
    with tempfile.TemporaryDirectory(prefix="px") as folder:  # short: a socket's path has 104 bytes at most
        found = Process(Path(folder))
        found.start()
        try:
            yield found
        finally:
            found.end(kill=True)


@pytest.fixture
def secrets_stack(tmp_path: Path, local_aws: Process, engine_environment: dict[str, str]) -> Stack:
    folder = tmp_path / "program"
    shutil.copytree(PROGRAM, folder, ignore=shutil.ignore_patterns("__pycache__"))
    made = Stack(folder, engine_environment, find_pulumi() or "")
    made.run("stack", "init", "test")
    endpoints = dict.fromkeys(("kms", "secretsmanager", "sts"), f"http://127.0.0.1:{local_aws.port}")
    with (folder / "Pulumi.test.yaml").open("a") as file:
        file.write(f"config: {json.dumps({'aws:region': 'us-east-1', 'aws:endpoints': [endpoints]})}\n")
    return made


def stages(client: Any, secret: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = client.describe_secret(SecretId=secret)["VersionIdsToStages"]
    return found


def test_life_of_keys_and_secrets(secrets_stack: Stack, local_aws: Process) -> None:
    stack, kms, secrets = secrets_stack, local_aws.client("kms"), local_aws.client("secretsmanager")
    shown = stack.up()
    first = stack.outputs()
    value = secrets.get_secret_value(SecretId=first["secret"])
    assert (value["SecretString"], value["VersionId"]) == ("hush-one", first["version"])
    assert secrets.get_secret_value(SecretId=first["binary"])["SecretBinary"] == b"\x00\xff"
    assert secrets.describe_secret(SecretId=first["secret"])["KmsKeyId"] == first["key_arn"]
    assert kms.get_key_rotation_status(KeyId=first["key"])["RotationPeriodInDays"] == 90
    assert re.fullmatch(r"alias/unnamed-[0-9a-f]{7}", first["alias"])
    assert first["target"] == first["key_arn"]
    assert stack.resource("version")["id"] == f"{first['secret']}|{first['version']}"
    for text in (shown, json.dumps(stack.state()), stack.run("stack", "output", "--json")):
        assert "hush" not in text, "a value is encrypted in state and hidden in outputs"
        assert "AP8=" not in text
    assert "9 unchanged" in stack.preview()

    shown = stack.preview("changed") + stack.up("changed,policy")
    assert "hush" not in shown
    second = stack.outputs()
    assert second["secret"] == first["secret"]
    assert stages(secrets, first["secret"]) == {first["version"]: ["AWSPREVIOUS"], second["version"]: ["AWSCURRENT"]}
    described = secrets.describe_secret(SecretId=first["secret"])
    assert described["Description"] == "after"
    assert described["KmsKeyId"].endswith(second["other"])
    assert {"Key": "a", "Value": "c"} in described["Tags"]
    assert "Deny" in secrets.get_resource_policy(SecretId=first["secret"])["ResourcePolicy"]
    assert kms.describe_key(KeyId="alias/test/named")["KeyMetadata"]["KeyId"] == second["other"]
    assert kms.describe_key(KeyId=first["key"])["KeyMetadata"]["Description"] == "after"
    assert kms.get_key_rotation_status(KeyId=first["key"])["RotationPeriodInDays"] == 100
    assert "9 unchanged" in stack.preview("changed,policy")

    stack.up("changed,disabled")
    assert kms.describe_key(KeyId=first["key"])["KeyMetadata"]["KeyState"] == "Disabled"

    stack.run("destroy", "--yes")
    assert secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"] == []
    assert kms.describe_key(KeyId=first["key"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    customer = [alias for alias in kms.list_aliases()["Aliases"] if "alias/aws/" not in alias["AliasName"]]
    assert customer == []


def test_refresh_and_import(secrets_stack: Stack, local_aws: Process) -> None:
    stack, kms, secrets = secrets_stack, local_aws.client("kms"), local_aws.client("secretsmanager")
    stack.up()
    made = stack.outputs()
    kms.update_key_description(KeyId=made["key"], Description="by hand")
    kms.delete_alias(AliasName="alias/test/named")
    secrets.delete_secret(SecretId=made["binary"], RecoveryWindowInDays=7)
    secrets.update_secret(SecretId=made["secret"], Description="by hand")
    shown = stack.run("refresh", "--yes")
    assert "3 deleted" in shown
    assert "2 updated" in shown
    assert stack.resource("key")["inputs"]["description"] == "by hand"
    stack.up()
    assert secrets.describe_secret(SecretId=made["secret"])["Description"] == "before"
    assert kms.describe_key(KeyId="alias/test/named")["KeyMetadata"]["KeyId"] == made["key"]
    assert "9 unchanged" in stack.preview()

    rotated = secrets.put_secret_value(SecretId=made["secret"], SecretString="by hand")["VersionId"]
    assert "9 unchanged" in stack.run("refresh", "--yes"), "a version is what it was, whichever is current"
    key = kms.create_key(Description="theirs", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/theirs", TargetKeyId=key)
    found = secrets.create_secret(Name="theirs", SecretString="hush-theirs")
    options = ("--yes", "--generate-code=false", "--protect=false")
    stack.run("import", "aws:kms/key:Key", "k", key, *options)
    stack.run("import", "aws:kms/alias:Alias", "a", "alias/theirs", *options)
    stack.run("import", "aws:secretsmanager/secret:Secret", "s", found["ARN"], *options)
    shown = stack.run(
        "import", "aws:secretsmanager/secretVersion:SecretVersion", "v", f"{made['secret']}|{rotated}", *options
    )
    assert stack.resource("k")["inputs"]["description"] == "theirs"
    assert stack.resource("a")["inputs"]["targetKeyId"] == key
    assert stack.resource("s")["inputs"]["name"] == "theirs"
    assert "by hand" not in shown + json.dumps(stack.state())


def test_a_name_in_its_recovery_window_is_awss_own_answer(secrets_stack: Stack, local_aws: Process) -> None:
    secrets_stack.environment["SECRET_NAME"] = "fixed"  # type: ignore[index]
    secrets_stack.up("recoverable")
    secrets_stack.run("destroy", "--yes", features="recoverable")
    listed = local_aws.client("secretsmanager").list_secrets(IncludePlannedDeletion=True)["SecretList"]
    assert [one["Name"] for one in listed] == ["fixed"]
    shown = secrets_stack.run("up", "--yes", "--skip-preview", fails=True)
    assert "already scheduled for deletion" in shown


def test_a_secret_whose_policy_is_refused_is_kept_and_mended(secrets_stack: Stack, local_aws: Process) -> None:
    shown = secrets_stack.run("up", "--yes", "--skip-preview", features="malformed", fails=True)
    assert "MalformedPolicyDocumentException" in shown
    arn = secrets_stack.resource("secret")["id"]
    secrets_stack.up("policy")
    assert secrets_stack.outputs()["secret"] == arn
    assert len(local_aws.client("secretsmanager").list_secrets()["SecretList"]) == 2


def test_what_a_killed_create_left_is_taken_over(secrets_stack: Stack, local_aws: Process) -> None:
    """As a kill between the cloud's answer and the record of it leaves things: made, and not in state."""
    stack, secrets, kms = secrets_stack, local_aws.client("secretsmanager"), local_aws.client("kms")
    stack.up()
    before = stack.outputs()
    state = stack.state()
    state["deployment"]["resources"] = [
        item
        for item in state["deployment"]["resources"]
        if item["type"].startswith("pulumi:") or item["urn"].endswith("::key")
    ]
    file = stack.folder / "state.json"
    file.write_text(json.dumps(state))
    stack.run("stack", "import", "--file", str(file), "--force")
    stack.up()
    after = stack.outputs()
    assert (after["key"], after["alias"]) == (before["key"], before["alias"])
    assert after["other"] != before["other"]
    assert kms.describe_key(KeyId=before["other"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert len(secrets.list_secrets()["SecretList"]) == 2
    assert secrets.get_secret_value(SecretId=after["secret"])["SecretString"] == "hush-one"
    assert "9 unchanged" in stack.preview()


def test_a_killed_up_goes_on(secrets_stack: Stack, local_aws: Process) -> None:
    running = secrets_stack.start("up", "--yes", "--skip-preview")
    client = local_aws.client("kms")
    deadline = time.monotonic() + 60
    while not client.list_keys()["Keys"] and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    time.sleep(1)  # the orphaned plugin may still send what it had begun
    secrets_stack.run("cancel", "--yes")
    secrets_stack.up()
    made = secrets_stack.outputs()
    enabled = [
        key["KeyId"]
        for key in client.list_keys()["Keys"]
        if client.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"
    ]
    managed = client.describe_key(KeyId="alias/aws/secretsmanager")["KeyMetadata"]["KeyId"]
    assert set(enabled) == {made["key"], made["other"], managed}
    assert local_aws.client("secretsmanager").get_secret_value(SecretId=made["secret"])["SecretString"] == "hush-one"
