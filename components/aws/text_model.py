"""The capability "text model" on AWS: a model of Amazon Bedrock, through its inference profile where it has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from components.aws.grant import Grant, Place, Statement, allowed
from components.errors import ArgumentError

MODELS: Final[Mapping[str, str]] = MappingProxyType({"llama-3.3-70b-instruct": "us.meta.llama3-3-70b-instruct-v1:0"})
"""Portable names, and what they are here."""

_US = ("us-east-1", "us-east-2", "us-west-2")
_EU = ("eu-central-1", "eu-west-1", "eu-west-3")
_NARROW_US = {"us-east-1": ("us-east-1", "us-west-2"), "us-east-2": _US, "us-west-2": ("us-east-1", "us-west-2")}

PROFILES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "us.meta.llama3-3-70b-instruct-v1:0": dict.fromkeys(_US, _US),
        "us.meta.llama3-1-70b-instruct-v1:0": dict.fromkeys(_US, _US),
        "us.meta.llama3-1-8b-instruct-v1:0": dict.fromkeys(_US, _US),
        "us.meta.llama3-2-90b-instruct-v1:0": _NARROW_US,
        "us.meta.llama3-2-11b-instruct-v1:0": _NARROW_US,
        "us.meta.llama3-2-3b-instruct-v1:0": _NARROW_US,
        "us.meta.llama3-2-1b-instruct-v1:0": _NARROW_US,
        "eu.meta.llama3-2-3b-instruct-v1:0": dict.fromkeys(_EU, _EU),
        "eu.meta.llama3-2-1b-instruct-v1:0": dict.fromkeys(_EU, _EU),
    }
)
"""For each profile the regions that may call it, and where from each one a call may be answered.

https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
"""

GEOGRAPHIES: Final = ("us", "us-gov", "eu", "apac", "jp", "au", "ca", "global")
"""What a profile's id starts with; an id that starts with none of these is a foundation model's own."""

_ACTIONS = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
_TIME = "PARALLAX_TIMEOUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextModel:
    """A model as it is called from a region. `model` is the id of a profile or of a foundation model; `timeout` the
    seconds that the function may take. `name` is the portable name, for errors.
    """

    name: str
    model: str
    region: str
    timeout: int

    def __post_init__(self) -> None:
        if self._is_profile and self.model not in PROFILES:
            known = ", ".join(PROFILES)
            message = f"is {self.model!r}, whose destinations are not known here; known profiles: {known}"
            raise ArgumentError("TextModel", "model", f"{message}; or take a foundation model's own id")
        if self._is_profile and self.region not in PROFILES[self.model]:
            raise ArgumentError("TextModel", "region", self._no_region())

    @classmethod
    def chosen(cls, name: str, model: str | None, region: str | None, timeout: int) -> TextModel:
        """The model that a stack's config names, or else the portable name's. Raises ArgumentError."""
        if model is None and name not in MODELS:
            known = ", ".join(MODELS)
            message = f"is {name!r}, which has no id here; set one with `pulumi config set awsTextModel ID`, or take"
            raise ArgumentError("TextModel", "name", f"{message} one of: {known}")
        if region is None:
            message = "is not known, and a text model is not everywhere; set it with `pulumi config set aws:region"
            raise ArgumentError("TextModel", "region", f"{message} REGION`")
        return cls(name=name, model=model or MODELS[name], region=region, timeout=timeout)

    @property
    def grant(self) -> Grant:
        """Calls to this model, and to no model but through the profile."""
        return Grant(
            environment={"PARALLAX_TEXT_MODEL": self.model, _TIME: str(self.timeout)}, statements=self._statements
        )

    @property
    def _is_profile(self) -> bool:
        return self.model.partition(".")[0] in GEOGRAPHIES

    def _statements(self, place: Place, _arns: Mapping[str, str]) -> Sequence[Statement]:
        # https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
        if not self._is_profile:
            return [allowed("CallModel", _ACTIONS, _foundation_model(place, place.region, self.model))]
        profile = place.arn("bedrock", f"inference-profile/{self.model}")
        model = self.model.partition(".")[2]
        routed = [_foundation_model(place, region, model) for region in PROFILES[self.model][self.region]]
        through = {"StringEquals": {"bedrock:InferenceProfileArn": profile}}
        return [
            allowed("CallProfile", _ACTIONS, profile),
            allowed("CallModelThroughProfile", _ACTIONS, routed, **through),
        ]

    def _no_region(self) -> str:
        valid = ", ".join(PROFILES[self.model])
        message = f"is {self.region}, from which {self.model} ({self.name}) cannot be called; valid: {valid}"
        others = [model for model, regions in PROFILES.items() if self.region in regions]
        if others:
            message += f"; or take another model with `pulumi config set awsTextModel ID`, there: {', '.join(others)}"
        return message


def _foundation_model(place: Place, region: str, model: str) -> str:
    """Foundation models belong to no account."""
    return f"arn:{place.partition}:bedrock:{region}::foundation-model/{model}"
