"""The workflows: actions pinned by commit, no foreign text inside a script, no secret where a stranger's code runs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")

each_workflow = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file: Path) -> Mapping[str, Any]:
    """YAML 1.1 takes the key `on` for a boolean."""
    workflow = yaml.safe_load(file.read_text())
    return {**workflow, "on": workflow[True]}


def steps(workflow: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def scripts(workflow: Mapping[str, Any]) -> list[str]:
    return [step["run"] for step in steps(workflow) if "run" in step]


def test_these_workflows_exist() -> None:
    assert [file.stem for file in FILES] == ["ci", "deploy", "preview"]


def test_every_action_is_pinned_by_commit_and_each_has_one_version() -> None:
    used = [line for file in FILES for line in file.read_text().splitlines() if "uses:" in line]
    pins = [PINNED.search(line) for line in used]
    assert [line for line, pin in zip(used, pins, strict=True) if pin is None] == []
    versions = {pin.groups() for pin in pins if pin}
    assert len(versions) == len({action for action, _, _ in versions})


@each_workflow
def test_scripts_take_what_github_knows_from_variables_only(file: Path) -> None:
    """An expression inside a script is text that its author chose, run as a program."""
    for script in scripts(read(file)):
        assert "${{" not in script
        subprocess.run(["bash", "-n", "-c", script], check=True)


@each_workflow
def test_every_word_for_make_is_one(file: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", "\n".join(scripts(read(file))))) <= targets


@each_workflow
def test_rights_are_named_and_every_job_ends(file: Path) -> None:
    workflow = read(file)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert "pull_request_target" not in workflow["on"]
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions", {})
        assert set(rights) <= {"contents", "id-token"}
        assert rights.get("contents", "read") == "read"
        assert ("id-token" in rights) == (name == "deploy")
        assert job["timeout-minutes"] <= 60
    for step in steps(workflow):
        assert not step.get("uses", "").startswith("actions/checkout@") or not step["with"]["persist-credentials"]


@pytest.mark.parametrize("name", ["ci", "preview"])
def test_what_runs_for_forks_needs_no_secret(name: str) -> None:
    text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text()
    assert "pull_request" in read(ROOT / ".github" / "workflows" / f"{name}.yml")["on"]
    assert re.search(r"\bsecrets\b|\bvars\b|id-token", text) is None


def test_ci_runs_what_a_developer_runs() -> None:
    words = re.findall(r"^make \w+$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert [script for script in scripts(read(ROOT / ".github/workflows/ci.yml")) if script.startswith("make")] == words


def test_only_a_person_deploys_and_only_after_the_environment_agrees() -> None:
    workflow = read(ROOT / ".github" / "workflows" / "deploy.yml")
    assert set(workflow["on"]) == {"workflow_dispatch"}
    stacks = workflow["on"]["workflow_dispatch"]["inputs"]["stack"]["options"]
    assert [stack for stack in stacks if not (ROOT / f"Pulumi.{stack}.yaml").exists()] == []
    assert workflow["jobs"]["deploy"]["environment"] == "${{ inputs.stack }}"
    assert not any("actions/cache@" in step.get("uses", "") for step in steps(workflow))
