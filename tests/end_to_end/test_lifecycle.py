"""One stack's life on both clouds, through the real engine: each test goes on from where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pulumi import automation

from tests.end_to_end.clouds import aws, aws_inventory, cloudflare_client, cloudflare_inventory, sizes
from tools.sandbox import Sandbox, outputs

ALL_OF_AWS = {"functions": 1, "apis": 1, "log groups": 2, "roles": 1}
NOTHING_OF_AWS = dict.fromkeys(ALL_OF_AWS, 0)


@pytest.fixture(scope="module")
def project(sandbox: Sandbox) -> Path:
    return sandbox.project()


@pytest.fixture(scope="module")
def stack(sandbox: Sandbox, project: Path) -> Iterator[automation.Stack]:
    stack = sandbox.stack(project)
    yield stack
    stack.destroy()


@pytest.fixture(scope="module")
def account(stack: automation.Stack) -> str:
    return stack.get_config("cloudflareAccountId").value


def changed_names(stack: automation.Stack) -> set[tuple[str, str]]:
    """(operation, type) of each resource that a preview would touch."""
    touched: set[tuple[str, str]] = set()

    def note(event: automation.EngineEvent) -> None:
        step = event.resource_pre_event
        if step is not None and step.metadata.op not in (automation.OpType.SAME, automation.OpType.READ):
            touched.add((automation.OpType(step.metadata.op).value, step.metadata.type))

    stack.preview(on_event=note)
    return touched


def test_up_makes_the_application_answer_on_both_clouds(
    stack: automation.Stack, sandbox: Sandbox, account: str
) -> None:
    stack.up()
    urls = outputs(stack)
    for url in (urls["aws_url"], urls["cloudflare_url"]):
        answer = httpx.post(f"{url.rstrip('/')}/echo", json={"a": [1, "ä"]})
        assert (answer.status_code, answer.json()) == (200, {"ok": True, "echo": {"a": [1, "ä"]}})
    assert sizes(aws_inventory(sandbox)) == ALL_OF_AWS
    assert cloudflare_inventory(sandbox, account) == {"scripts": [urls["cloudflare_script_name"]]}


def test_a_second_preview_shows_no_change(stack: automation.Stack) -> None:
    assert changed_names(stack) == set()


def test_a_refresh_of_what_is_unchanged_finds_nothing(stack: automation.Stack) -> None:
    summary = stack.refresh().summary.resource_changes or {}
    assert set(summary) == {"same"}


def test_a_changed_line_changes_the_function_with_its_alias_and_the_script(
    stack: automation.Stack, project: Path
) -> None:
    source = project / "app" / "api.py"
    source.write_text(source.read_text() + "\n# a changed line\n")
    assert changed_names(stack) == {
        ("update", "aws:lambda/function:Function"),
        ("update", "aws:lambda/alias:Alias"),
        ("update", "cloudflare:index/workersScript:WorkersScript"),
    }
    stack.up()
    assert changed_names(stack) == set()
    for url in (outputs(stack)["aws_url"], outputs(stack)["cloudflare_url"]):
        assert httpx.get(url).text == "ok"


def test_what_was_deleted_behind_the_back_is_seen_and_made_again(
    stack: automation.Stack, sandbox: Sandbox, account: str
) -> None:
    names = outputs(stack)
    aws(sandbox, "apigatewayv2").delete_api(ApiId=names["aws_api_id"])
    cloudflare_client(sandbox).workers.scripts.delete(names["cloudflare_script_name"], account_id=account)
    stack.refresh()
    stack.up()
    assert sizes(aws_inventory(sandbox)) == ALL_OF_AWS
    for url in (outputs(stack)["aws_url"], outputs(stack)["cloudflare_url"]):
        assert httpx.get(url).text == "ok"


def test_what_state_has_lost_is_imported_and_then_unchanged(stack: automation.Stack, account: str) -> None:
    names = outputs(stack)
    script = names["cloudflare_script_name"]
    lost = {
        "aws:apigatewayv2/stage:Stage": f"{names['aws_api_id']}/$default",
        "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": f"{account}/{script}",
    }
    state = stack.export_stack()
    deployment = dict(state.deployment or {})
    resources = deployment["resources"]
    gone = [resource for resource in resources if resource["type"] in lost]
    deployment["resources"] = [resource for resource in resources if resource not in gone]
    stack.import_stack(automation.Deployment(state.version, deployment))
    wanted: list[Any] = [
        {
            "type": resource["type"],
            "name": resource["urn"].rpartition("::")[2],
            "id": lost[resource["type"]],
            "parent": resource["type"],
        }
        for resource in gone
    ]
    parents = {resource["type"]: resource["parent"] for resource in gone}
    stack.import_resources(resources=wanted, name_table=parents, protect=False, generate_code=False)
    assert len(wanted) == len(lost)
    assert changed_names(stack) == set()


def test_leaving_cloudflare_takes_only_what_is_cloudflares(
    stack: automation.Stack, sandbox: Sandbox, account: str
) -> None:
    before = aws_inventory(sandbox)
    stack.set_config("target", automation.ConfigValue("aws"))
    stack.up()
    assert "cloudflare_url" not in outputs(stack)
    assert aws_inventory(sandbox) == before
    assert cloudflare_inventory(sandbox, account) == {"scripts": []}


def test_coming_back_adds_only_what_is_cloudflares(stack: automation.Stack, sandbox: Sandbox) -> None:
    before = aws_inventory(sandbox)
    stack.set_config("target", automation.ConfigValue("both"))
    stack.up()
    assert aws_inventory(sandbox) == before
    assert httpx.get(outputs(stack)["cloudflare_url"]).text == "ok"


def test_a_wrong_value_is_refused_before_anything_changes(stack: automation.Stack, sandbox: Sandbox) -> None:
    before = aws_inventory(sandbox)
    stack.set_config("target", automation.ConfigValue("azure"))
    with pytest.raises(automation.CommandError) as refused:
        stack.up()
    stack.set_config("target", automation.ConfigValue("both"))
    for word in ("target", "azure", "aws", "cloudflare", "both"):
        assert word in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert aws_inventory(sandbox) == before


def test_destroy_leaves_nothing(stack: automation.Stack, sandbox: Sandbox, account: str) -> None:
    stack.destroy()
    assert sizes(aws_inventory(sandbox)) == NOTHING_OF_AWS
    assert cloudflare_inventory(sandbox, account) == {"scripts": []}
