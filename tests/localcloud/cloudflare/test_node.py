from pathlib import Path

import pytest

from localcloud.child import StartError
from localcloud.cloudflare.node import find_node

pytestmark = pytest.mark.anyio


def executable(path: Path, output: str) -> Path:
    path.write_text(f"#!/bin/sh\necho {output}\n")
    path.chmod(0o700)
    return path


async def test_new_enough(tmp_path: Path) -> None:
    node = executable(tmp_path / "node", "v24.1.0")
    assert await find_node(node) == node


async def test_the_one_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = executable(tmp_path / "node", "v26.0.0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert await find_node(None) == node


@pytest.mark.parametrize(("output", "words"), [("v20.20.0", "is version 20"), ("hello", "does not run")])
async def test_too_old_or_something_else(tmp_path: Path, output: str, words: str) -> None:
    node = executable(tmp_path / "node", output)
    with pytest.raises(StartError, match=words) as refused:
        await find_node(node)
    assert refused.value.code == "NodeMissing"
    assert "make up" in refused.value.message


async def test_missing(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="is missing"):
        await find_node(tmp_path / "node")
