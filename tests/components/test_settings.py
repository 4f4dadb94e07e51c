"""Stack config: every key declared and read, every wrong value named with the valid ones."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from app.spec import SPEC, Secret
from components.errors import SettingsError
from components.keys import KEYS, attribute_of
from components.settings import Settings
from tests.components.conftest import ROOT

ACCOUNT = {"cloudflareAccountId": "0" * 32, "workersDevUrl": "https://{script}.acme.workers.dev"}
SECRETS = {secret.name: "MARKER" for secret in SPEC.secrets}
ENCRYPTED = frozenset(f"parallax:{name}" for name in SECRETS)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _parse(declared: Mapping[str, Any], **changes: str) -> Settings:
    values = {name: _text(key["default"]) for name, key in declared.items()} | ACCOUNT | SECRETS | changes
    return Settings.parse("parallax", "dev", {f"parallax:{name}": value for name, value in values.items()}, ENCRYPTED)


def test_every_declared_key_is_read_and_every_read_key_is_declared(declared: Mapping[str, Any]) -> None:
    assert set(declared) == set(KEYS)
    assert {attribute_of(name) for name in KEYS} | {"secrets"} == {field.name for field in dataclasses.fields(Settings)}


def test_every_key_has_type_default_and_description(declared: Mapping[str, Any]) -> None:
    assert all({"type", "default", "description"} <= key.keys() for key in declared.values())


@pytest.mark.parametrize("stack", ["dev", "aws", "cloudflare"])
def test_the_stacks_that_come_along_are_complete(declared: Mapping[str, Any], stack: str) -> None:
    """As they stand, and for Cloudflare with the lines that a user fills in."""
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text().replace("  # parallax:", "  parallax:")
    config = yaml.safe_load(text)["config"]
    values = {name.removeprefix("parallax:"): _text(value) for name, value in config.items() if "parallax:" in name}
    defaults = {name: _text(key["default"]) for name, key in declared.items()}
    given = {f"parallax:{name}": value for name, value in {**defaults, **values, **SECRETS}.items()}
    settings = Settings.parse("parallax", stack, given, ENCRYPTED)
    assert SECRETS.keys().isdisjoint(values), "what is secret is each user's own"
    assert settings.target == {"dev": ("aws", "cloudflare")}.get(stack, (stack,))
    assert (settings.architecture == "native") == (stack == "dev")
    assert ("aws:endpoints" in config) == (stack == "dev")


def test_defaults_are_valid_and_typed(declared: Mapping[str, Any]) -> None:
    settings = _parse(declared)
    assert settings.target == ("aws", "cloudflare")
    assert settings.memory == 512
    assert settings.snap_start is True
    assert settings.route is None
    assert settings.compatibility_flags == ("python_workers",)
    assert settings.cpu_ms is None


@pytest.mark.parametrize(
    ("key", "value", "valid"),
    [
        ("target", "azure", "aws, cloudflare, both"),
        ("application", "app.api", "module:attribute"),
        ("applicationPath", "", "a folder"),
        ("tags", "[1]", "a map of strings"),
        ("corsOrigins", '["example.com"]', "https://app.example.com"),
        ("architecture", "arm", "arm64, x86_64, native"),
        ("runtime", "python3.9", "python3.12, python3.13, python3.14"),
        ("memory", "64", "from 128 to 10240 (MB)"),
        ("timeout", "31", "from 1 to 30 (seconds)"),
        ("snapStart", "yes", "true, false"),
        ("logRetention", "2", "0, 1, 3, 5, 7, 14, 30"),
        ("awsTextModel", "llama", "us.meta.llama3-3-70b-instruct-v1:0"),
        ("secretRecoveryDays", "3", "0, 7, 8"),
        ("cloudflareTextModel", "llama", "@cf/meta/llama-3.3-70b-instruct-fp8-fast"),
        ("throttleRate", "0", "from 1 to 10000"),
        ("throttleBurst", "x", "from 1 to 5000"),
        ("cloudflareAccountId", "acme", "32 hex digits"),
        ("cloudflareZoneId", "acme", "32 hex digits"),
        ("route", "*.example.com/*", "api.example.com/*"),
        ("workersDevUrl", "https://acme.workers.dev", "{script}"),
        ("compatibilityDate", "2025-01-01", "2026-04-21"),
        ("compatibilityFlags", '["nodejs_compat"]', "python_workers among them"),
        ("cpuMs", "300001", "1 to 300000"),
    ],
)
def test_a_wrong_value_is_named_with_the_valid_ones(
    declared: Mapping[str, Any], key: str, value: str, valid: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        _parse(declared, **{key: value})
    (problem,) = [problem for problem in caught.value.problems if problem.value == value]
    assert problem.key == f"parallax:{key}"
    assert repr(value) in str(caught.value)
    assert valid in str(caught.value)


def test_all_wrong_values_are_listed_at_once(declared: Mapping[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        _parse(declared, target="azure", memory="12", memmory="5")
    assert [problem.key for problem in caught.value.problems] == [
        "parallax:memmory",
        "parallax:target",
        "parallax:memory",
    ]
    assert "known: application, applicationPath" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"cloudflareAccountId": ""}, "cloudflareAccountId"),
        ({"workersDevUrl": ""}, "workersDevUrl"),
        ({"route": "api.example.com/*"}, "cloudflareZoneId"),
        ({"cloudflareZoneId": "1" * 32}, "route"),
    ],
)
def test_keys_that_need_each_other(declared: Mapping[str, Any], changes: Mapping[str, str], key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        _parse(declared, **changes)
    assert [problem.key for problem in caught.value.problems] == [f"parallax:{key}"]


def test_the_id_that_people_copy_from_notes_is_refused_with_the_right_one(declared: Mapping[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"it is @cf/meta/llama-3\.3-70b-instruct-fp8-fast\n"):
        _parse(declared, cloudflareTextModel="@cf/meta/llama-3.3-70b-instruct")


def _with_secrets(declared: Mapping[str, Any], encrypted: frozenset[str], **given: str) -> Settings:
    values = {name: _text(key["default"]) for name, key in declared.items()} | ACCOUNT | given
    config = {f"shop:{name}": value for name, value in values.items()}
    return Settings.parse(
        "shop", "dev", config, encrypted, lambda _: (Secret(name="token", meaning="It opens doors."),)
    )


def test_a_declared_secret_is_read_and_shows_nowhere(declared: Mapping[str, Any]) -> None:
    settings = _with_secrets(declared, frozenset({"shop:token"}), token="MARKER")
    assert settings.secrets["token"].text == "MARKER"
    shown = f"{settings!r} {settings} {settings.secrets['token']} {settings.secrets!r}"
    assert "MARKER" not in shown


@pytest.mark.parametrize(
    ("given", "encrypted", "message"),
    [
        ({}, (), "is missing, and the application needs it; type `pulumi config set --secret token`.*It opens doors"),
        ({"token": "MARKER"}, (), "is a secret, and not encrypted.*`pulumi config set --secret token`"),
        ({"token": ""}, ("shop:token",), "is empty; type `pulumi config set --secret token`"),
        (
            {"token": "MARKER", "tokken": "MARKER"},
            ("shop:token", "shop:tokken"),
            "tokken: is not a key.*known: .*token",
        ),
    ],
)
def test_a_wrong_secret_says_what_to_type_and_no_value(
    declared: Mapping[str, Any], given: Mapping[str, str], encrypted: tuple[str, ...], message: str
) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        _with_secrets(declared, frozenset(encrypted), **given)
    assert "MARKER" not in str(caught.value) + repr(caught.value.problems)


def test_a_secret_may_not_be_called_like_a_key(declared: Mapping[str, Any]) -> None:
    config = {f"shop:{name}": _text(key["default"]) for name, key in declared.items()}
    given = {**config, **{f"shop:{name}": value for name, value in ACCOUNT.items()}}
    with pytest.raises(SettingsError, match="rename the secret"):
        Settings.parse("shop", "dev", given, (), lambda _: (Secret(name="memory", meaning="…"),))
