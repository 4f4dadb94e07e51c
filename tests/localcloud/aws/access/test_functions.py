"""A deployed function is its role, and may what that may: boto3 inside real environments."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.aws.process import ACCOUNT, Process

CODE = """
import os

import boto3
import botocore.exceptions


def handler(event, context):
    if "variable" in event:
        return os.environ.get(event["variable"])
    client = boto3.client(event["service"])
    try:
        answer = getattr(client, event["call"])(**event.get("with", {}))
    except botocore.exceptions.ClientError as error:
        problem = error.response["Error"]
        return {"code": problem["Code"], "message": problem["Message"], "status": status(error.response)}
    answer.pop("ResponseMetadata")
    return answer


def status(answer):
    return answer["ResponseMetadata"]["HTTPStatusCode"]
"""
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/f/f"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/f"


def decisions(process: Process) -> list[dict[str, Any]]:
    time.sleep(0.3)  # the record is written every tenth of a second
    lines = (process.folder / "logs" / "access.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_a_function_has_the_credentials_of_its_role(process: Process) -> None:
    process.start()
    process.function("f", CODE)
    key = process.invoke("f", variable="AWS_ACCESS_KEY_ID")
    assert key.startswith("ASIA")
    assert len(key) == 20
    identity = process.invoke("f", service="sts", call="get_caller_identity")
    role = process.client("iam").get_role(RoleName="f")["Role"]
    assert identity == {"Account": ACCOUNT, "Arn": SESSION, "UserId": f"{role['RoleId']}:f"}
    import boto3  # noqa: PLC0415

    thief = boto3.client(
        "logs", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{process.port}", aws_access_key_id=key,
        aws_secret_access_key="x", aws_session_token="guessed",
    )  # fmt: skip
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        thief.describe_log_groups()


def test_a_snapshot_has_them_too(process: Process) -> None:
    process.start()
    process.function("f", CODE, Runtime="python3.13", SnapStart={"ApplyOn": "PublishedVersions"}, Publish=True)
    process.client("lambda").get_waiter("published_version_active").wait(FunctionName="f", Qualifier="1")
    assert process.invoke("f:1", service="sts", call="get_caller_identity")["Arn"] == SESSION


def test_what_the_role_lacks_is_refused_until_a_policy_gives_it(process: Process) -> None:
    process.start()
    process.function("f", CODE)
    call = {"service": "logs", "call": "describe_log_streams", "with": {"logGroupName": "g"}}
    process.client("logs").create_log_group(logGroupName="g")
    resource = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g:log-stream:"
    refused = process.invoke("f", **call)
    assert (refused["code"], refused["status"]) == ("AccessDeniedException", 400)
    assert refused["message"] == (
        f"User: {SESSION} is not authorized to perform: logs:DescribeLogStreams on resource: {resource} "
        "because no identity-based policy allows the logs:DescribeLogStreams action"
    )
    process.allow("f", "logs:Describe*", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g:*")
    assert process.invoke("f", **call) == {"logStreams": []}
    process.allow("f", "logs:*", "*", name="deny", Effect="Deny")
    assert process.invoke("f", **call)["message"].endswith("with an explicit deny in an identity-based policy")
    process.client("iam").delete_role_policy(RoleName="f", PolicyName="deny")
    assert process.invoke("f", **call) == {"logStreams": []}
    found = [entry for entry in decisions(process) if entry["action"] == "logs:DescribeLogStreams"]
    assert [entry["allowed"] for entry in found] == [False, True, False, True]
    assert {entry["principal"] for entry in found} == {ROLE}
    assert {entry["resource"] for entry in found} == {resource}
    assert set(found[0]) == {"time", "principal", "action", "resource", "allowed"}


def test_emulated_services_ask_too(process: Process) -> None:
    process.start()
    process.function("f", CODE)
    url = process.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    call = {"service": "sqs", "call": "send_message", "with": {"QueueUrl": url, "MessageBody": "hush"}}
    assert process.invoke("f", **call)["code"] == "AccessDeniedException"
    process.allow("f", "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q")
    assert "MessageId" in process.invoke("f", **call)
    listed = process.invoke("f", service="iam", call="list_users")
    assert (listed["code"], listed["status"]) == ("AccessDenied", 403)
    assert "iam:ListUsers on resource: *" in listed["message"]
    assert "hush" not in (process.folder / "logs" / "access.jsonl").read_text()


def test_managed_policies_and_boundaries(process: Process) -> None:
    process.start()
    process.function("f", CODE)
    iam = process.client("iam")
    call = {"service": "logs", "call": "create_log_group", "with": {"logGroupName": "h"}}
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    iam.attach_role_policy(RoleName="f", PolicyArn=arn)
    assert process.invoke("f", **call) == {}
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    )
    boundary = iam.create_policy(PolicyName="b", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="f", PermissionsBoundary=boundary)
    assert "no permissions boundary allows" in process.invoke("f", **call)["message"]
    iam.delete_role_permissions_boundary(RoleName="f")
    iam.detach_role_policy(RoleName="f", PolicyArn=arn)
    assert "no identity-based policy allows" in process.invoke("f", **call)["message"]


def test_a_log_needs_the_rights_to_it(process: Process) -> None:
    process.start()
    process.function("f", "def handler(event, context): print(event['say'])")
    logs, group = process.client("logs"), "/aws/lambda/f"
    process.invoke("f", say="lost")
    time.sleep(0.4)
    assert logs.describe_log_groups()["logGroups"] == []
    logs.create_log_group(logGroupName=group)
    process.allow(
        "f", ["logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}:*"
    )
    process.invoke("f", say="kept")
    time.sleep(0.4)
    messages = [event["message"].strip() for event in logs.filter_log_events(logGroupName=group)["events"]]
    assert "kept" in messages
    assert "lost" not in messages
    allowed = {entry["action"] for entry in decisions(process) if entry["allowed"]}
    assert allowed == {"logs:CreateLogStream", "logs:PutLogEvents"}
