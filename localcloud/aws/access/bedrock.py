"""Bedrock's models: an inference profile takes the right to itself and to the model in each region it may route to.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html (the regions)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from localcloud.aws.ports import Need
from localcloud.aws.protocol import CallContext

_DESTINATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "us.meta.llama3-3-70b-instruct-v1:0": ("us-east-1", "us-east-2", "us-west-2"),
}
_GEOGRAPHIES: Final = ("us.", "eu.", "apac.", "global.")


def converse(action: str) -> Callable[[Mapping[str, Any], CallContext], Iterator[Need]]:
    """The rule of an operation on `modelId`, a model's or a system-defined profile's id or ARN."""

    def rule(params: Mapping[str, Any], context: CallContext) -> Iterator[Need]:
        given = str(params.get("modelId", ""))
        name = given.rpartition("/")[2]
        if not name.startswith(_GEOGRAPHIES):
            model = given if given.startswith("arn:") else f"arn:aws:bedrock:{context.region}::foundation-model/{name}"
            yield Need(action, model)
            return
        profile = f"arn:aws:bedrock:{context.region}:{context.account}:inference-profile/{name}"
        yield Need(action, profile)
        # A profile that is not listed is judged in the caller's region only; where it leads to, nobody here knows.
        for region in _DESTINATIONS.get(name, (context.region,)):
            model = f"arn:aws:bedrock:{region}::foundation-model/{name.partition('.')[2]}"
            yield Need(action, model, {"bedrock:InferenceProfileArn": profile})

    return rule
