"""The stack `dev`: settings that stay as they are; an engine that was killed loses its lock, and no other does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import stack
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


def test_a_clones_salt_is_kept_beside_its_state_and_not_in_the_settings_of_all(tmp_path: Path) -> None:
    tracked = (ROOT / "Pulumi.dev.yaml").read_text()
    file = stack.settings_file(tmp_path)
    assert file.read_text() == tracked
    file.write_text(f"encryptionsalt: v1:abc:v1:def\n{tracked}")  # as the engine does
    kept = stack.settings_file(tmp_path).read_text()
    assert kept.count("encryptionsalt: v1:abc:v1:def\n") == 1
    assert kept.replace("encryptionsalt: v1:abc:v1:def\n", "") == tracked
    assert (ROOT / "Pulumi.dev.yaml").read_text() == tracked
