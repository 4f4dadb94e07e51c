"""Both clouds' State: a table, a database and its schema."""

from __future__ import annotations

import dataclasses

from components import aws, cloudflare
from tests.components.conftest import Recorder
from tests.components.test_http_api import CASES, CLOUDFLARE, _outputs, _run

(D1,) = (args for component, args in CASES if component is cloudflare.State)


def test_a_table(recorder: Recorder) -> None:
    args = aws.StateArgs(tags={"Stack": "dev"})
    assert _run(lambda: _outputs(aws.State("api-state", args)))["database_name"] == "parallax-dev-api-state"
    table = recorder.one("aws:dynamodb/table:Table")
    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert (table["hashKey"], table["rangeKey"]) == ("collection", "key")
    assert table["ttl"] == {"attributeName": "expires_at", "enabled": True}
    assert table["pointInTimeRecovery"] == table["serverSideEncryption"] == {"enabled": True}
    assert table["tags"] == {"Stack": "dev"}


def test_a_database_is_bound_and_its_schema_is_part_of_the_script(recorder: Recorder) -> None:
    def body() -> dict[str, object]:
        state = cloudflare.State("api-state", D1)
        api = cloudflare.HttpApi("api", dataclasses.replace(CLOUDFLARE, grants=(state.grant,)))
        return {"url": api.url, **_outputs(state)}

    outputs = _run(body)
    assert outputs["database_name"] == "parallax-dev-api-state"
    bindings = {binding["name"]: binding for binding in _script(recorder)}
    assert bindings["STATE"] == {"type": "d1", "name": "STATE", "id": "api-state-database-id"}
    schema = bindings["PARALLAX_STATE_SCHEMA"]["text"]
    assert schema == D1.migrations.version
    assert schema.startswith("0001_items.sql ")


def test_a_text_model_and_secrets_are_bound(recorder: Recorder) -> None:
    def body() -> dict[str, object]:
        model = cloudflare.TextModel.chosen("llama-3.3-70b-instruct", None)
        secrets = cloudflare.Secrets(values={"webhookKeys": CASES[2][1].values["webhookKeys"]})
        args = dataclasses.replace(CLOUDFLARE, grants=(model.grant, secrets.grant))
        return {"url": cloudflare.HttpApi("api", args).url}

    _run(body)
    assert _script(recorder) == [
        {"type": "version_metadata", "name": "CF_VERSION_METADATA"},
        {"type": "ai", "name": "AI"},
        {"type": "plain_text", "name": "PARALLAX_TEXT_MODEL", "text": "@cf/meta/llama-3.3-70b-instruct-fp8-fast"},
        {"type": "secret_text", "name": "webhookKeys", "text": "whsec_MARKER"},
    ]


def _script(recorder: Recorder) -> list[dict[str, str]]:
    """The bindings; a secret among them makes the whole list one."""
    bindings = recorder.one("cloudflare:index/workersScript:WorkersScript")["bindings"]
    found: list[dict[str, str]] = bindings["value"] if isinstance(bindings, dict) else bindings
    return found
