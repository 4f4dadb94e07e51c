"""The API `bedrock`: which models and inference profiles there are. No custom models, guardrails or prompts."""

from __future__ import annotations

from typing import Any

from localcloud.aws.bedrock import catalogue
from localcloud.aws.bedrock.catalogue import Model, Profile
from localcloud.aws.protocol import CallContext, ServiceError, unsupported

_Document = dict[str, Any]


class BedrockService:
    """Implements Service."""

    name = "bedrock"

    def __init__(self) -> None:
        self._calls = {
            "ListFoundationModels": _list_models,
            "GetFoundationModel": _get_model,
            "ListInferenceProfiles": _list_profiles,
            "GetInferenceProfile": _get_profile,
        }

    async def call(self, operation: str, params: _Document, context: CallContext) -> _Document:
        found = self._calls.get(operation)
        if found is None:
            raise unsupported("Bedrock", operation, self._calls)
        return found(params, context)


def _list_models(params: _Document, context: CallContext) -> _Document:
    wanted = {
        "providerName": params.get("byProvider"),
        "customizationsSupported": params.get("byCustomizationType"),
        "outputModalities": params.get("byOutputModality"),
        "inferenceTypesSupported": params.get("byInferenceType"),
    }
    found = [_model(model, context.region) for model in catalogue.models(context.region)]
    return {"modelSummaries": [summary for summary in found if all(_fits(summary[k], v) for k, v in wanted.items())]}


def _fits(value: Any, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return wanted in value if isinstance(value, list) else bool(str(value).lower() == wanted.lower())


def _get_model(params: _Document, context: CallContext) -> _Document:
    wanted = params["modelIdentifier"]
    for model in catalogue.models(context.region):
        if wanted in (model.id, model.arn(context.region)):
            return {"modelDetails": _model(model, context.region)}
    raise ServiceError("ResourceNotFoundException", "Could not resolve the foundation model from the model identifier.")


def _list_profiles(params: _Document, context: CallContext) -> _Document:
    if params.get("nextToken") is not None:
        raise ServiceError("ValidationException", "The provided nextToken is invalid.")
    system = params.get("typeEquals", "SYSTEM_DEFINED") == "SYSTEM_DEFINED"
    found = catalogue.profiles(context.region) if system else []
    return {"inferenceProfileSummaries": [_profile(profile, context) for profile in found]}


def _get_profile(params: _Document, context: CallContext) -> _Document:
    wanted = params["inferenceProfileIdentifier"]
    for profile in catalogue.profiles(context.region):
        if wanted in (profile.id, profile.arn(context.region, context.account)):
            return _profile(profile, context)
    raise ServiceError("ResourceNotFoundException", "The provided inference profile does not exist.")


def _model(model: Model, region: str) -> _Document:
    lifecycle = {
        "status": "LEGACY" if model.legacy else "ACTIVE",
        "startOfLifeTime": model.launched,
        "endOfLifeTime": model.ends,
    }
    return {
        "modelArn": model.arn(region),
        "modelId": model.id,
        "modelName": model.name,
        "providerName": model.provider,
        "inputModalities": ["TEXT"],
        "outputModalities": ["TEXT"],
        "responseStreamingSupported": True,
        "customizationsSupported": [],
        # The API knows a value for this that its own model does not list: INFERENCE_PROFILE.
        "inferenceTypesSupported": ["ON_DEMAND"] if region in model.on_demand else ["INFERENCE_PROFILE"],
        "modelLifecycle": lifecycle,
    }


def _profile(profile: Profile, context: CallContext) -> _Document:
    regions = f"{', '.join(profile.destinations[:-1])} and {profile.destinations[-1]}"
    return {
        "inferenceProfileName": profile.name,
        "description": f"Routes requests to Meta {profile.model.name} in {regions}.",
        "createdAt": profile.created,
        "updatedAt": profile.created,
        "inferenceProfileArn": profile.arn(context.region, context.account),
        "models": [{"modelArn": profile.model.arn(region)} for region in profile.destinations],
        "inferenceProfileId": profile.id,
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }
