"""Components under Pulumi's mocks: what is registered is kept, and nothing is deployed."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pulumi
import pytest
import yaml

# The SDKs' modules of deprecated resources warn while they are imported, whoever asks for what stands beside them.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import pulumi_aws
    import pulumi_cloudflare  # noqa: F401

    # Asked for once, for this SDK loads a module when one of its names is first used.
    LOADED = pulumi_aws.lambda_.Function

ROOT = Path(__file__).resolve().parents[2]

# What a cloud adds to a resource's inputs, by type token.
_COMPUTED: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = MappingProxyType(
    {
        "aws:iam/role:Role": lambda given: {"arn": f"arn:aws:iam::123456789012:role/{given['name']}"},
        "aws:cloudwatch/logGroup:LogGroup": lambda given: {
            "arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{given['name']}"
        },
        "aws:dynamodb/table:Table": lambda given: {
            "arn": f"arn:aws:dynamodb:us-east-1:123456789012:table/{given['name']}"
        },
        "aws:kms/key:Key": lambda given: {
            "keyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
        "aws:secretsmanager/secret:Secret": lambda given: {
            "arn": f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{given['name']}-a1b2c3"
        },
        "aws:secretsmanager/secretVersion:SecretVersion": lambda given: {"secretArn": given["secretId"]},
        "aws:lambda/function:Function": lambda _given: {"version": "7"},
        "aws:lambda/alias:Alias": lambda given: {"invokeArn": f"arn:invoke:{given['functionName']}:{given['name']}"},
        "aws:apigatewayv2/api:Api": lambda _given: {
            "apiEndpoint": "https://abc123.execute-api.us-east-1.amazonaws.com",
            "executionArn": "arn:aws:execute-api:us-east-1:123456789012:abc123",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Registered:
    """One resource as it was registered."""

    type: str
    name: str
    inputs: Mapping[str, Any]


@dataclass(slots=True)
class Recorder(pulumi.runtime.Mocks):
    """Pulumi's mocks, which remember."""

    resources: list[Registered] = field(default_factory=list)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.resources.append(Registered(args.typ, args.name, args.inputs))
        computed = _COMPUTED[args.typ](args.inputs) if args.typ in _COMPUTED else {}
        return f"{args.name}-id", {**args.inputs, **computed}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"no component asks the provider: {args.token}")

    def of(self, token: str) -> list[Registered]:
        """All resources of a type."""
        return [resource for resource in self.resources if resource.type == token]

    def one(self, token: str) -> Mapping[str, Any]:
        """The inputs of the only resource of a type."""
        (resource,) = self.of(token)
        return resource.inputs


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for all: closing it would end its threads, whose own loops the SDK's mocks make and never close."""
    return asyncio.new_event_loop()


@pytest.fixture(autouse=True)
def current_loop() -> None:
    """The SDK makes its futures on the thread's current loop, which another test here may have taken away."""
    asyncio.set_event_loop(_loop())


@pytest.fixture
def recorder(current_loop: None) -> Iterator[Recorder]:
    mocks = Recorder()
    pulumi.runtime.set_mocks(mocks, project="parallax", stack="dev", preview=False)
    yield mocks
    pulumi.runtime.set_all_config({})


@pytest.fixture(scope="session")
def declared() -> Mapping[str, Any]:
    """The config keys as Pulumi.yaml declares them."""
    keys: Mapping[str, Any] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    return keys
