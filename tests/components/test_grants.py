"""The rights of a function: exactly what its capabilities need, on exactly what they name."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components import aws
from components.aws.grant import Grant, Place
from components.aws.text_model import MODELS, PROFILES
from components.errors import ArgumentError
from components.secret_value import SecretValue
from tests.components.conftest import Recorder
from tests.components.test_http_api import FUNCTION, _run

PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-instruct-v1:0"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:parallax-dev-api-secrets"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CALL = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]


def _chosen(model: str | None = None, region: str | None = "us-east-1") -> aws.TextModel:
    return aws.TextModel.chosen("llama-3.3-70b-instruct", model, region, 29)


def _granted(recorder: Recorder) -> Mapping[str, Any]:
    """A function with everything, as deployed."""

    def body() -> Mapping[str, Any]:
        values = {"webhookKeys": SecretValue("MARKER"), "apikey": SecretValue("MARKER")}
        secrets = aws.Secrets("api-secrets", aws.SecretsArgs(values=values))
        grants = (_chosen().grant, aws.State("api-state", aws.StateArgs()).grant, secrets.grant)
        function = aws.Function("api", dataclasses.replace(FUNCTION, grants=grants))
        return {"name": function.function_name}

    _run(body)
    return recorder.one("aws:lambda/function:Function")


def _statements(recorder: Recorder) -> Mapping[str, Any]:
    policy = json.loads(recorder.one("aws:iam/rolePolicy:RolePolicy")["policy"])
    assert policy["Version"] == "2012-10-17"
    return {statement.pop("Sid"): statement for statement in policy["Statement"]}


def test_rights_are_exact(recorder: Recorder) -> None:
    _granted(recorder)
    secrets = [f"{SECRET}/apikey-a1b2c3", f"{SECRET}/webhookKeys-a1b2c3"]
    assert _statements(recorder) == {
        "WriteLogs": {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/parallax-dev-api:*",
        },
        "CallProfile": {"Effect": "Allow", "Action": CALL, "Resource": PROFILE},
        "CallModelThroughProfile": {
            "Effect": "Allow",
            "Action": CALL,
            "Resource": [
                f"arn:aws:bedrock:{region}::foundation-model/meta.llama3-3-70b-instruct-v1:0"
                for region in ("us-east-1", "us-east-2", "us-west-2")
            ],
            "Condition": {"StringEquals": {"bedrock:InferenceProfileArn": PROFILE}},
        },
        "UseItems": {
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"],
            "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/parallax-dev-api-state",
        },
        "ReadSecrets": {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": secrets},
        "DecryptSecrets": {
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": KEY,
            "Condition": {
                "StringEquals": {
                    "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
                    "kms:EncryptionContext:SecretARN": secrets,
                }
            },
        },
    }


def test_no_right_is_open(recorder: Recorder) -> None:
    """But for the streams of the one log group, whose names only Lambda knows."""
    _granted(recorder)
    for sid, statement in _statements(recorder).items():
        for text in _texts([statement["Action"], statement["Resource"]]):
            assert "*" not in text.removesuffix(":*" if sid == "WriteLogs" else "")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for each in value:
            yield from _texts(each)


def test_variables_say_what_was_granted(recorder: Recorder) -> None:
    variables = _granted(recorder)["environment"]["variables"]
    assert variables["PARALLAX_TEXT_MODEL"] == "us.meta.llama3-3-70b-instruct-v1:0"
    assert variables["PARALLAX_TIMEOUT"] == "29"
    assert variables["PARALLAX_STATE_TABLE"] == "parallax-dev-api-state"
    assert json.loads(variables["PARALLAX_SECRETS"])["webhookKeys"] == f"{SECRET}/webhookKeys-a1b2c3"


def test_a_foundation_models_own_id_needs_no_profile() -> None:
    grant: Grant = _chosen("meta.llama3-70b-instruct-v1:0", "eu-central-1").grant
    (statement,) = grant.statements(Place("aws", "eu-central-1", "1" * 12), {})
    assert statement["Resource"] == "arn:aws:bedrock:eu-central-1::foundation-model/meta.llama3-70b-instruct-v1:0"
    assert "Condition" not in statement


@pytest.mark.parametrize(
    ("model", "region", "message"),
    [
        (
            None,
            "eu-central-1",
            r"valid: us-east-1, us-east-2, us-west-2; or take .*eu\.meta\.llama3-2-3b-instruct-v1:0",
        ),
        (None, None, "pulumi config set aws:region"),
        ("us.example.model-v1:0", "us-east-1", r"known profiles: us\.meta"),
    ],
)
def test_a_model_that_cannot_be_called_there_is_refused(model: str | None, region: str | None, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        _chosen(model, region)
    with pytest.raises(ArgumentError, match="awsTextModel"):
        aws.TextModel.chosen("another", None, "us-east-1", 29)


def test_every_portable_name_is_a_known_profile() -> None:
    assert set(MODELS.values()) <= PROFILES.keys()
    for regions in PROFILES.values():
        assert all(region in destinations for region, destinations in regions.items())
