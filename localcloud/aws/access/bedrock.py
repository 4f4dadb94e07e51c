"""Bedrock's models: an inference profile takes the right to itself and to the model in each region it may route to.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from localcloud.aws.bedrock.catalogue import PROFILES
from localcloud.aws.ports import Need
from localcloud.aws.protocol import CallContext


def converse(action: str) -> Callable[[Mapping[str, Any], CallContext], Iterator[Need]]:
    """The rule of an operation on `modelId`, a model's or a system-defined profile's id or ARN."""

    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        given = str(params.get("modelId", ""))
        name = given.rpartition("/")[2]
        profile = next((found for found in PROFILES if found.id == name), None)
        if profile is None:
            model = given if given.startswith("arn:") else f"arn:aws:bedrock:{context.region}::foundation-model/{name}"
            yield Need(action, model)
            return
        arn = profile.arn(context.region, context.account)
        yield Need(action, arn)
        for region in profile.destinations:
            yield Need(action, profile.model.arn(region), {"bedrock:InferenceProfileArn": arn})

    return rule
