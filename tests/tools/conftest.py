"""Small programs on a PATH of the test's own: no test here sees the machine's tools, or a network."""

from __future__ import annotations

from pathlib import Path

import pytest


class Programs:
    """A folder that is all of PATH. A program is two lines of shell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, says: str = "", *, fails: bool = False) -> Path:
        program = self.folder / name
        program.write_text(f"#!/bin/sh\necho '{says}'\nexit {int(fails)}\n")
        program.chmod(0o755)
        return program


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    programs = Programs(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(programs.folder))
    return programs
