"""Which IAM actions on which resources an operation takes, service by service.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
An entry is `operation: rule`. A service of ours that must look a resource up says it itself (`Knows`); what stands
nowhere is refused to roles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from localcloud.aws.access.bedrock import converse
from localcloud.aws.access.dynamodb import DYNAMODB
from localcloud.aws.ports import Need
from localcloud.aws.protocol import CallContext

Rule = Callable[[Mapping[str, Any], CallContext], Iterable[Need]]
"""(parameters, where) to needs; parameters by their model names."""


class Knows(Protocol):
    """A service that names the needs of its operations; None for those that it does not know."""

    def needs(self, operation: str, params: Mapping[str, Any], context: CallContext) -> Iterable[Need] | None: ...


def on(action: str, resource: str, *members: str) -> Rule:
    """One action on one resource: `resource` after `arn:aws:`, with {region}, {account} and {it}, the last part of the
    first of the parameters `members` that is given (a name, an ARN or a URL)."""

    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        given = str(next((params[member] for member in members if params.get(member)), ""))
        if given.startswith("arn:"):
            yield Need(action, given)
            return
        found = resource.format(region=context.region, account=context.account, it=given.rpartition("/")[2])
        yield Need(action, found if found == "*" else f"arn:aws:{found}")

    return rule


def _group(params: Mapping[str, Any]) -> str:
    given = str(params.get("logGroupName") or params.get("logGroupIdentifier") or "")
    return given.partition(":log-group:")[2].removesuffix(":*") or given


def logs(action: str) -> Rule:
    """A log group, or the stream in it: the ARN has the stream's part even where there is none."""

    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        yield log_need(action, context.region, context.account, _group(params), str(params.get("logStreamName") or ""))

    return rule


def log_need(action: str, region: str, account: str, group: str, stream: str) -> Need:
    """An action of CloudWatch Logs on a stream, or on a group if the stream is ""."""
    return Need(f"logs:{action}", f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{stream}")


def _put_events(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
    buses = {entry.get("EventBusName") or "default" for entry in params.get("Entries", [])}
    for bus in sorted(buses):
        arn = bus if bus.startswith("arn:") else f"arn:aws:events:{context.region}:{context.account}:event-bus/{bus}"
        yield Need("events:PutEvents", arn)


def _invoke(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
    given = str(params.get("FunctionName", ""))
    arn = given if given.startswith("arn:") else f"arn:aws:lambda:{context.region}:{context.account}:function:{given}"
    qualifier = params.get("Qualifier")
    yield Need("lambda:InvokeFunction", f"{arn}:{qualifier}" if qualifier else arn)


_QUEUE = "sqs:{region}:{account}:{it}"
_STREAM = "kinesis:{region}:{account}:stream/{it}"
_MACHINE = "states:{region}:{account}:stateMachine:{it}"


def _each(service: str, resource: str, members: Sequence[str], operations: Iterable[str]) -> dict[str, Rule]:
    return {operation: on(f"{service}:{operation}", resource, *members) for operation in operations}


# By the name of a service of ours (botocore's), or the service's name in a signature.
TABLE: Final[Mapping[str, Mapping[str, Rule]]] = {
    "dynamodb": DYNAMODB,
    "bedrock-runtime": {
        "Converse": converse("bedrock:InvokeModel"),
        "InvokeModel": converse("bedrock:InvokeModel"),
        "ConverseStream": converse("bedrock:InvokeModelWithResponseStream"),
        "InvokeModelWithResponseStream": converse("bedrock:InvokeModelWithResponseStream"),
    },
    "bedrock": {
        **_each("bedrock", "*", (), ("ListFoundationModels", "ListInferenceProfiles")),
        "GetFoundationModel": on(
            "bedrock:GetFoundationModel", "bedrock:{region}::foundation-model/{it}", "modelIdentifier"
        ),
        "GetInferenceProfile": on(
            "bedrock:GetInferenceProfile", "bedrock:{region}:{account}:inference-profile/{it}",
            "inferenceProfileIdentifier",
        ),
    },
    "lambda": {"Invoke": _invoke},
    "logs": {
        name: logs(name)
        for name in (
            "CreateLogGroup", "CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams",
            "GetLogEvents", "FilterLogEvents",
        )
    },
    "sqs": {
        **_each("sqs", _QUEUE, ("QueueUrl",), (
            "SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes",
        )),
        "SendMessageBatch": on("sqs:SendMessage", _QUEUE, "QueueUrl"),
        "DeleteMessageBatch": on("sqs:DeleteMessage", _QUEUE, "QueueUrl"),
        "ChangeMessageVisibilityBatch": on("sqs:ChangeMessageVisibility", _QUEUE, "QueueUrl"),
        "GetQueueUrl": on("sqs:GetQueueUrl", _QUEUE, "QueueName"),
    },
    "kinesis": _each("kinesis", _STREAM, ("StreamARN", "StreamName"), (
        "PutRecord", "PutRecords", "GetShardIterator", "DescribeStream", "DescribeStreamSummary", "ListShards",
    )),
    "events": {"PutEvents": _put_events},
    "states": {
        **_each("states", _MACHINE, ("stateMachineArn",), ("StartExecution", "StartSyncExecution")),
        **_each("states", "*", ("executionArn",), ("DescribeExecution", "GetExecutionHistory", "StopExecution")),
        **_each("states", "*", (), ("SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat")),
    },
    "xray": _each("xray", "*", (), ("PutTraceSegments", "PutTelemetryRecords")),
    "monitoring": {"PutMetricData": on("cloudwatch:PutMetricData", "*")},
    "sts": {"AssumeRole": on("sts:AssumeRole", "*", "RoleArn")},
}  # fmt: skip
