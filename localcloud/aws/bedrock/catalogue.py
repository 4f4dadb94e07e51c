"""Which models there are, where, and under which ids they may be called.

Llama 3.3 70B as docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-3-3-70b-instruct.html has it: in
us-east-2 by its own id, in three regions of the United States by an inference profile, nowhere else. The card says 128K
tokens of context and 4K of output; Llama 3.3's own context is 131,072 tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from localcloud.aws.bedrock.errors import InvalidModelError, OnDemandError
from localcloud.aws.protocol import CallContext

_ARN = re.compile(r"arn:aws:bedrock:([a-z0-9-]+):(\d*):(foundation-model|inference-profile)/(.+)")


@dataclass(frozen=True, slots=True)
class Model:
    """A foundation model. In `regions` it is listed; in those of them in `on_demand` its own id can be called."""

    id: str
    name: str
    provider: str
    regions: tuple[str, ...]
    on_demand: tuple[str, ...]
    context_window: int
    max_output: int
    launched: datetime
    legacy: bool
    ends: datetime | None

    def arn(self, region: str) -> str:
        return f"arn:aws:bedrock:{region}::foundation-model/{self.id}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A system-defined inference profile of one geography: called in a source region, answered in any destination."""

    geography: str
    model: Model
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    created: datetime

    @property
    def id(self) -> str:
        return f"{self.geography.lower()}.{self.model.id}"

    @property
    def name(self) -> str:
        return f"{self.geography} Meta {self.model.name}"

    def arn(self, region: str, account: str) -> str:
        return f"arn:aws:bedrock:{region}:{account}:inference-profile/{self.id}"


_UNITED_STATES = ("us-east-1", "us-east-2", "us-west-2")
_LLAMA = Model(
    id="meta.llama3-3-70b-instruct-v1:0",
    name="Llama 3.3 70B Instruct",
    provider="Meta",
    regions=_UNITED_STATES,
    on_demand=("us-east-2",),
    context_window=131_072,
    max_output=4_096,
    launched=datetime(2024, 12, 6, tzinfo=UTC),
    legacy=True,
    ends=datetime(2027, 3, 30, tzinfo=UTC),
)
MODELS = (_LLAMA,)
PROFILES = (Profile("US", _LLAMA, _UNITED_STATES, _UNITED_STATES, datetime(2024, 12, 6, tzinfo=UTC)),)


def models(region: str) -> list[Model]:
    return [model for model in MODELS if region in model.regions]


def profiles(region: str) -> list[Profile]:
    return [profile for profile in PROFILES if region in profile.sources]


def callable_model(identifier: str, context: CallContext) -> Model:
    """The model behind an id or ARN of a model or a profile, as a caller in that region may name it.

    Raises InvalidModelError, and OnDemandError where only a profile leads to the model.
    """
    found = _ARN.fullmatch(identifier)
    name = found[4] if found else identifier
    owners = {"foundation-model": "", "inference-profile": context.account}
    if found and (found[1], found[2]) != (context.region, owners[found[3]]):
        raise InvalidModelError(_callable(context.region))
    if not found or found[3] == "foundation-model":
        for model in models(context.region):
            if model.id == name:
                if context.region not in model.on_demand:
                    raise OnDemandError(identifier)
                return model
    if not found or found[3] == "inference-profile":
        for profile in profiles(context.region):
            if profile.id == name:
                return profile.model
    raise InvalidModelError(_callable(context.region))


def _callable(region: str) -> list[str]:
    own = [model.id for model in models(region) if region in model.on_demand]
    return own + [profile.id for profile in profiles(region)]
