"""Without a Go that is new enough there is no build, and one line says what to install."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.conftest import Programs
from tools import pulumi_build
from tools.errors import SetupError


@pytest.mark.parametrize("version", [None, "go version go1.25.9 linux/amd64"])
def test_go_is_asked_for(programs: Programs, tmp_path: Path, version: str | None) -> None:
    if version is not None:
        programs.add("go", version)
    with pytest.raises(SetupError, match=r"install Pulumi \(.*\), or Go 1\.26 or newer, and run make again") as caught:
        pulumi_build.build("3.259.0", tmp_path / "made")
    assert caught.value.code == "GoMissing"
    assert "\n" not in str(caught.value)
