"""Which Pulumi CLI is taken: one on PATH, else the cache, else the release, else a build. Nothing is fetched here."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.conftest import Programs
from tools import pulumi_build, pulumi_cli, pulumi_release
from tools.errors import SetupError
from tools.pulumi_cli import PROGRAMS, VERSION, cli_folder
from tools.steps import Steps

NEW = "v9.0.0"
OLD = "v3.100.0"


class Sources:
    """In place of the release and of Go: notes who was asked, and gives programs or refuses."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.reachable = True
        self.go = True
        self.version = VERSION

    def fetch(self, version: str, folder: Path) -> str | None:
        assert version == VERSION
        self.asked.append("release")
        if not self.reachable:
            return "it cannot be reached"
        self._fill(folder)
        return None

    def build(self, version: str, folder: Path) -> None:
        assert version == VERSION
        self.asked.append("build")
        Programs(folder).add(PROGRAMS[0])
        if not self.go:
            raise SetupError("GoMissing", "install Go")
        self._fill(folder)

    def _fill(self, folder: Path) -> None:
        for name in PROGRAMS:
            Programs(folder).add(name, self.version)


@pytest.fixture
def sources(tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch) -> Sources:
    sources = Sources()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(pulumi_release, "fetch", sources.fetch)
    monkeypatch.setattr(pulumi_build, "build", sources.build)
    return sources


def ensure() -> str:
    """Runs the step; returns what it said."""
    out = io.StringIO()
    pulumi_cli.ensure(Steps(out=out))
    return out.getvalue()


def test_one_on_path_comes_first(sources: Sources, programs: Programs) -> None:
    programs.add("pulumi", NEW)
    programs.add("pulumi-language-python")
    assert ensure() == ""
    assert cli_folder() == programs.folder
    assert sources.asked == []


@pytest.mark.parametrize(
    "there", [{"pulumi": OLD, "pulumi-language-python": ""}, {"pulumi": NEW}], ids=["too old", "no language host"]
)
def test_one_on_path_that_will_not_do_is_passed_over(
    sources: Sources, programs: Programs, there: dict[str, str]
) -> None:
    for name, says in there.items():
        programs.add(name, says)
    ensure()
    assert sources.asked == ["release"]
    assert cli_folder() != programs.folder


def test_the_cache_comes_before_the_release(sources: Sources) -> None:
    ensure()
    assert ensure() == ""
    assert sources.asked == ["release"]
    assert sorted(path.name for path in cli_folder().iterdir() if os.access(path, os.X_OK)) == sorted(PROGRAMS)


def test_a_build_comes_last_and_says_why(sources: Sources) -> None:
    sources.reachable = False
    assert "built with Go (about four minutes, this once; it cannot be reached) …" in ensure()
    assert sources.asked == ["release", "build"]


def test_what_died_half_way_is_not_kept(sources: Sources, tmp_path: Path) -> None:
    sources.reachable = sources.go = False
    with pytest.raises(SetupError, match="install Go"):
        ensure()
    assert [path for path in tmp_path.rglob("*") if path.name == "pulumi" and path.is_file()] == []
    with pytest.raises(SetupError, match="run `make setup`"):
        cli_folder()
    sources.go = True
    ensure()
    assert cli_folder().is_dir()


def test_what_does_not_run_is_not_kept(sources: Sources) -> None:
    sources.version = "no version"
    with pytest.raises(SetupError) as caught:
        ensure()
    assert caught.value.code == "CliBroken"
    with pytest.raises(SetupError):
        cli_folder()


def _replaced(program: Path) -> None:
    program.write_text("#!/bin/sh\necho v6.6.6\n")


def _cut(program: Path) -> None:
    program.write_bytes(program.read_bytes()[:-1])


def _locked(program: Path) -> None:
    program.chmod(0o644)


@pytest.mark.parametrize("damage", [_replaced, _cut, _locked, Path.unlink])
def test_a_damaged_cache_is_fetched_again(sources: Sources, damage: Callable[[Path], None]) -> None:
    ensure()
    damage(cli_folder() / PROGRAMS[1])
    ensure()
    assert sources.asked == ["release", "release"]


def test_a_cache_that_was_only_copied_is_whole(sources: Sources) -> None:
    """CI and users restore it with other times."""
    ensure()
    for name in PROGRAMS:
        os.utime(cli_folder() / name, (1, 1))
    ensure()
    assert sources.asked == ["release"]
