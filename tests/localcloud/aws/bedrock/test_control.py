"""Models and profiles as boto3 finds them."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from tests.localcloud.aws.conftest import ACCOUNT, Cloud

MODEL = "meta.llama3-3-70b-instruct-v1:0"
PROFILE = f"us.{MODEL}"


def test_models(cloud: Cloud) -> None:
    client = cloud.client("bedrock")
    [summary] = client.list_foundation_models(byProvider="meta", byOutputModality="TEXT")["modelSummaries"]
    assert (summary["modelId"], summary["modelName"]) == (MODEL, "Llama 3.3 70B Instruct")
    assert summary["modelLifecycle"]["status"] == "LEGACY"
    assert summary["modelLifecycle"]["endOfLifeTime"] == datetime(2027, 3, 30, tzinfo=UTC)
    assert client.list_foundation_models(byInferenceType="ON_DEMAND")["modelSummaries"] == []
    assert client.get_foundation_model(modelIdentifier=summary["modelArn"])["modelDetails"] == summary
    ohio = cloud.client("bedrock", "us-east-2").list_foundation_models(byInferenceType="ON_DEMAND")["modelSummaries"]
    assert [found["modelId"] for found in ohio] == [MODEL]
    assert cloud.client("bedrock", "eu-central-1").list_foundation_models()["modelSummaries"] == []


def test_profiles(cloud: Cloud) -> None:
    client = cloud.client("bedrock")
    [summary] = client.list_inference_profiles(typeEquals="SYSTEM_DEFINED")["inferenceProfileSummaries"]
    assert summary["inferenceProfileId"] == PROFILE
    assert summary["inferenceProfileArn"] == f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/{PROFILE}"
    regions = [model["modelArn"].split(":")[3] for model in summary["models"]]
    assert regions == ["us-east-1", "us-east-2", "us-west-2"]
    for name in (PROFILE, summary["inferenceProfileArn"]):
        told = client.get_inference_profile(inferenceProfileIdentifier=name)
        told.pop("ResponseMetadata")
        assert told == summary
    assert client.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"] == []


def test_what_is_not_there(cloud: Cloud) -> None:
    client = cloud.client("bedrock")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_foundation_model(modelIdentifier="meta.llama9-9b-v1:0")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        cloud.client("bedrock", "eu-central-1").get_inference_profile(inferenceProfileIdentifier=PROFILE)
    with pytest.raises(ClientError, match="does not implement Bedrock ListGuardrails"):
        client.list_guardrails()
