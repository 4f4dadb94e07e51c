"""Any other ASGI application is deployed by config alone: here one in Falcon, which Parallax does not use itself."""

from __future__ import annotations

import shutil

import httpx
from pulumi import automation

from tools.places import ROOT
from tools.sandbox import Sandbox, outputs


def test_a_falcon_application_answers_on_both_clouds(sandbox: Sandbox) -> None:
    project = sandbox.project()
    shutil.copytree(ROOT / "tests" / "applications" / "falcon_app", project / "falcon_app")
    stack = sandbox.stack(project)
    for key, value in {
        "application": "falcon_app.main:app",
        "applicationPath": "falcon_app",
        "requirements": "falcon_app/requirements.txt",
    }.items():
        stack.set_config(key, automation.ConfigValue(value))
    stack.up()
    urls = outputs(stack)
    answers = [httpx.get(f"{urls[name].rstrip('/')}/greetings/you") for name in ("aws_url", "cloudflare_url")]
    stack.destroy()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
