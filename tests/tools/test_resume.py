"""Each step of set-up: one that died half-way is done again, a finished one costs nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.tools.conftest import Programs
from tools import lambda_runtimes, node_packages, python_environment
from tools.errors import SetupError
from tools.steps import Steps


class Runner:
    """In place of `run`: notes each command, makes what it would make, and fails where it is told to."""

    def __init__(self, made: Path) -> None:
        self.made = made
        self.commands: list[str] = []
        self.fails = False

    def __call__(self, command: Sequence[str | Path], **_: object) -> str:
        self.commands.append(" ".join(str(word) for word in command))
        self.made.mkdir(parents=True, exist_ok=True)
        if self.fails and {"install", "ci"} & {str(word) for word in command}:
            raise SetupError("ProgramFailed", "the network went away")
        return ""

    def taken(self) -> int:
        """How many commands since the last time."""
        count = len(self.commands)
        self.commands.clear()
        return count


class Step:
    """One step in a folder of its own; `lock` is what it depends on."""

    def __init__(self, ensure: Callable[[Steps], None], lock: Path, runner: Runner) -> None:
        self.lock = lock
        self.runner = runner
        self._ensure = ensure
        lock.write_text("one")

    def ensure(self) -> int:
        """Runs the step; says how many programs it took."""
        self._ensure(Steps(out=io.StringIO()))
        return self.runner.taken()


@pytest.fixture(params=["python_environment", "node_packages", "lambda_runtimes"])
def step(request: pytest.FixtureRequest, tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch) -> Step:
    programs.add("node", "v24.1.0")
    if request.param == "node_packages":
        runner = Runner(tmp_path / "node_modules")
        monkeypatch.setattr(node_packages, "ROOT", tmp_path)
        monkeypatch.setattr(node_packages, "run", runner)
        return Step(node_packages.ensure, tmp_path / "package-lock.json", runner)
    lock = tmp_path / "requirements.txt"
    if request.param == "python_environment":
        runner = Runner(tmp_path / ".venv")
        monkeypatch.setattr(python_environment, "VENV", tmp_path / ".venv")
        monkeypatch.setattr(python_environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
        monkeypatch.setattr(python_environment, "LOCK", lock)
        monkeypatch.setattr(python_environment, "run", runner)
        return Step(python_environment.ensure, lock, runner)
    runner = Runner(tmp_path / "runtimes")
    monkeypatch.setattr(lambda_runtimes, "LAMBDA_RUNTIMES", tmp_path / "runtimes")
    monkeypatch.setattr(lambda_runtimes, "LOCK", lock)
    monkeypatch.setattr(lambda_runtimes, "find", lambda version: Path("python") if version == "3.13" else None)
    monkeypatch.setattr(lambda_runtimes, "run", runner)
    return Step(lambda_runtimes.ensure, lock, runner)


def test_a_finished_step_costs_nothing(step: Step) -> None:
    assert step.ensure() > 0
    assert step.ensure() == 0


def test_a_changed_lock_is_done_again(step: Step) -> None:
    step.ensure()
    step.lock.write_text("two")
    assert step.ensure() > 0
    assert step.ensure() == 0


def test_a_step_that_died_is_done_again(step: Step) -> None:
    step.runner.fails = True
    with pytest.raises(SetupError):
        step.ensure()
    step.runner.taken()
    step.runner.fails = False
    assert step.ensure() > 0
    assert step.ensure() == 0


def test_a_change_that_died_is_not_taken_for_what_was_there_before(step: Step) -> None:
    """Half of another branch's packages are installed when the user goes back to the first branch."""
    step.ensure()
    step.lock.write_text("two")
    step.runner.fails = True
    with pytest.raises(SetupError):
        step.ensure()
    step.runner.taken()
    step.runner.fails = False
    step.lock.write_text("one")
    assert step.ensure() > 0
