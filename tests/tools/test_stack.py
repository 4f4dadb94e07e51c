"""The stack `dev`: settings that stay as they are; an engine that was killed loses its lock, and no other does."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from app.spec import SPEC
from tools import stack, stack_secrets
from tools.places import ROOT

LOCKS = Path("state/.pulumi/locks/organization/parallax")
STATE = Path("state/.pulumi/stacks/parallax/dev.json")


@pytest.fixture
def cancelled(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been run."""
    commands: list[list[str]] = []

    def run(command: Sequence[str], **_: object) -> str:
        commands.append(list(command))
        return ""

    monkeypatch.setattr(stack, "run", run)
    return commands


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def lock(home: Path, text: str, name: str = "dev") -> Path:
    file = home / LOCKS / name / "0d4a.json"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


def held_by(pid: int, host: str | None = None) -> str:
    return json.dumps({"pid": pid, "username": "me", "hostname": host or socket.gethostname(), "timestamp": "…"})


def test_a_dead_engines_lock_is_taken_away(tmp_path: Path, cancelled: list[list[str]], dead: int) -> None:
    lock(tmp_path, held_by(dead))
    assert stack.free({}, tmp_path)
    assert cancelled == [["pulumi", "cancel", "--yes", "--stack", "dev"]]


def test_every_other_lock_stays(tmp_path: Path, cancelled: list[list[str]], dead: int) -> None:
    cases = {
        "no lock": None,
        "alive": held_by(os.getpid()),
        "another's": held_by(1),  # alive; where we are not root, not ours to signal
        "another machine's": held_by(dead, "elsewhere"),
        "half written": held_by(dead)[:-9],
        "of another form": json.dumps({"pid": dead}),
    }
    for case, text in cases.items():
        if text is not None:
            lock(tmp_path / case, text)
        assert not stack.free({}, tmp_path / case), case
    lock(tmp_path, held_by(dead), name="dev2")
    assert not stack.free({}, tmp_path)
    assert cancelled == []


@pytest.mark.parametrize(
    ("state", "deployed"),
    [
        (None, False),
        ("{", False),
        ({"checkpoint": {"latest": None}}, False),
        ({"checkpoint": {"latest": {"resources": []}}}, False),
        ({"checkpoint": {"latest": {"resources": [{"urn": "…"}]}}}, True),
    ],
)
def test_deployed_is_what_has_resources(tmp_path: Path, state: object, deployed: bool) -> None:
    if state is not None:
        (tmp_path / STATE).parent.mkdir(parents=True)
        (tmp_path / STATE).write_text(state if isinstance(state, str) else json.dumps(state))
    assert stack.is_deployed(tmp_path) is deployed


OWN = """encryptionsalt: v1:abc:v1:def
config:
  parallax:webhookKeys:
    secure: v1:ghi
"""


def test_a_clones_own_is_kept_beside_its_state_and_not_in_the_settings_of_all(tmp_path: Path) -> None:
    tracked = (ROOT / "Pulumi.dev.yaml").read_text()
    file = stack.settings_file(tmp_path)
    assert file.read_text() == tracked
    own = yaml.safe_load(tracked)
    own["encryptionsalt"] = "v1:abc:v1:def"
    own["config"] |= yaml.safe_load(OWN)["config"] | {"parallax:target": "aws"}
    file.write_text(yaml.safe_dump(own))  # as the engine does
    assert yaml.safe_load(stack.settings_file(tmp_path).read_text()) == own
    assert (ROOT / "Pulumi.dev.yaml").read_text() == tracked


def test_what_changes_for_all_changes_in_a_clones_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, home = tmp_path / "root", tmp_path / "home"
    root.mkdir()
    home.mkdir()
    monkeypatch.setattr(stack, "ROOT", root)

    def changed(tracked: dict[str, str], own: str | None = None) -> dict[str, object]:
        (root / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": tracked}))
        if own is not None:
            (home / "Pulumi.dev.yaml").write_text(own)
        settings = yaml.safe_load(stack.settings_file(home).read_text())
        assert settings.get("encryptionsalt") == (None if own is None else "v1:abc:v1:def")
        config: dict[str, object] = settings["config"]
        return config

    assert changed({"p:a": "1", "p:b": "1"}) == {"p:a": "1", "p:b": "1"}
    own = OWN + "  p:a: mine\n  p:c: mine\n"
    secret = {"parallax:webhookKeys": {"secure": "v1:ghi"}}
    assert changed({"p:a": "1", "p:b": "2"}, own) == {**secret, "p:a": "mine", "p:b": "2", "p:c": "mine"}
    assert changed({"p:a": "3"}, own) == {**secret, "p:a": "3", "p:c": "mine"}


def test_the_secrets_of_the_application_are_made_anew_each_time_and_in_its_form() -> None:
    made = stack_secrets.made()
    assert made.keys() == {secret.name for secret in SPEC.secrets}
    assert made != stack_secrets.made()
    assert len(base64.b64decode(made["webhookKeys"].removeprefix("whsec_"), validate=True)) == 32


def test_a_secret_is_missing_until_it_is_encrypted(tmp_path: Path) -> None:
    settings = tmp_path / "Pulumi.dev.yaml"
    names = {"webhookKeys": "…"}
    for text, there in [(None, False), ("", False), ("config:\n  parallax:webhookKeys: plain\n", False), (OWN, True)]:
        if text is not None:
            settings.write_text(text)
        assert (stack_secrets.missing(settings, names) == []) is there


def test_a_secrets_value_is_no_argument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[tuple[list[str], str]] = []
    monkeypatch.setattr(stack_secrets, "run", lambda words, given, **_: calls.append((words, given)))
    stack_secrets.put({"webhookKeys": "MARKER"}, tmp_path / "s.yaml", "dev", {}, tmp_path)
    ((words, given),) = calls
    assert given == "MARKER"
    assert "MARKER" not in " ".join(words)
    assert words[:5] == ["pulumi", "config", "set", "--secret", "webhookKeys"]
