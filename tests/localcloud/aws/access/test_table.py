"""Which rights an operation takes, held against the Service Authorization Reference."""

from collections.abc import Iterable
from typing import Any

import botocore.session
import pytest

from localcloud.aws.access.table import TABLE
from localcloud.aws.protocol import CallContext

CONTEXT = CallContext("us-east-1", "123456789012", "http://127.0.0.1:1")
DYNAMODB = "arn:aws:dynamodb:us-east-1:123456789012:table/"
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-instruct-v1:0"
MODEL = "arn:aws:bedrock:{}::foundation-model/meta.llama3-3-70b-instruct-v1:0"


def needs(service: str, operation: str, **params: Any) -> set[tuple[str, str]]:
    return {(need.action, need.resource) for need in TABLE[service][operation](params, CONTEXT)}


def every(action: str, resources: Iterable[str]) -> set[tuple[str, str]]:
    return {(action, resource) for resource in resources}


def test_tables_and_indexes() -> None:
    assert needs("dynamodb", "GetItem", TableName="t") == {("dynamodb:GetItem", f"{DYNAMODB}t")}
    assert needs("dynamodb", "PutItem", TableName=f"{DYNAMODB}u") == {("dynamodb:PutItem", f"{DYNAMODB}u")}
    assert needs("dynamodb", "Query", TableName="t") == {("dynamodb:Query", f"{DYNAMODB}t")}
    assert needs("dynamodb", "Query", TableName="t", IndexName="i") == {("dynamodb:Query", f"{DYNAMODB}t/index/i")}
    batch: dict[str, Any] = {"a": {}, "b": {}}
    assert needs("dynamodb", "BatchGetItem", RequestItems=batch) == every(
        "dynamodb:BatchGetItem", (f"{DYNAMODB}a", f"{DYNAMODB}b")
    )
    items = [{"Put": {"TableName": "t"}}, {"Put": {"TableName": "t"}}, {"ConditionCheck": {"TableName": "u"}}]
    assert needs("dynamodb", "TransactWriteItems", TransactItems=items) == {
        ("dynamodb:PutItem", f"{DYNAMODB}t"), ("dynamodb:ConditionCheckItem", f"{DYNAMODB}u"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["us.meta.llama3-3-70b-instruct-v1:0", PROFILE])
def test_a_profile_takes_itself_and_its_models(name: str) -> None:
    models = [MODEL.format(region) for region in ("us-east-1", "us-east-2", "us-west-2")]
    assert needs("bedrock-runtime", "Converse", modelId=name) == every("bedrock:InvokeModel", [PROFILE, *models])
    streamed = needs("bedrock-runtime", "ConverseStream", modelId=name)
    assert streamed == every("bedrock:InvokeModelWithResponseStream", [PROFILE, *models])
    keys = [need.keys for need in TABLE["bedrock-runtime"]["Converse"]({"modelId": name}, CONTEXT)]
    assert [dict(found) for found in keys] == [{}, *3 * [{"bedrock:InferenceProfileArn": PROFILE}]]


def test_a_model_takes_itself() -> None:
    found = needs("bedrock-runtime", "InvokeModel", modelId="meta.llama3-3-70b-instruct-v1:0")
    assert found == {("bedrock:InvokeModel", MODEL.format("us-east-1"))}


@pytest.mark.parametrize(
    ("service", "operation", "params", "need"),
    [
        ("lambda", "Invoke", {"FunctionName": "f"}, "lambda:InvokeFunction lambda:us-east-1:123456789012:function:f"),
        (
            "lambda", "Invoke", {"FunctionName": "f", "Qualifier": "live"},
            "lambda:InvokeFunction lambda:us-east-1:123456789012:function:f:live",
        ),
        ("sqs", "SendMessageBatch", {"QueueUrl": "http://h/1/q"}, "sqs:SendMessage sqs:us-east-1:123456789012:q"),
        ("kinesis", "PutRecord", {"StreamName": "s"}, "kinesis:PutRecord kinesis:us-east-1:123456789012:stream/s"),
        ("events", "PutEvents", {"Entries": [{}]}, "events:PutEvents events:us-east-1:123456789012:event-bus/default"),
        (
            "logs", "PutLogEvents", {"logGroupName": "/a/b", "logStreamName": "s"},
            "logs:PutLogEvents logs:us-east-1:123456789012:log-group:/a/b:log-stream:s",
        ),
    ],
)  # fmt: skip
def test_other_services(service: str, operation: str, params: dict[str, Any], need: str) -> None:
    action, _, resource = need.partition(" ")
    assert needs(service, operation, **params) == {(action, f"arn:aws:{resource}")}


def test_every_entry_is_an_operation_of_its_service() -> None:
    session = botocore.session.Session()
    names = {"states": "stepfunctions", "monitoring": "cloudwatch"}
    for service, operations in TABLE.items():
        model = session.get_service_model(names.get(service, service))
        assert set(operations) <= set(model.operation_names), service
