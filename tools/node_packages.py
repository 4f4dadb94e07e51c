"""What the Worker host runs on: npm packages from the lock with integrity hashes, and a Node that is new enough."""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.errors import SetupError
from tools.places import ROOT, TOOLS
from tools.prerequisites import program_version
from tools.run import run
from tools.stamp import digest, is_done
from tools.steps import Steps

HOST_NODE = (24,)
_PACKAGES = "Node packages"
_NODE = "Node 24"


def ensure(steps: Steps) -> None:
    """Installs what is missing below node_modules/ and .tools/node/."""
    _install(steps, _PACKAGES, ROOT, ROOT)
    if not _path_is_new_enough():
        _install(steps, _NODE, ROOT / "tools" / "node", TOOLS / "node")


def host_node() -> Path:
    """The Node of the Worker host: the one on PATH where it is new enough, else npm's. Raises SetupError."""
    if _path_is_new_enough():
        return Path(str(shutil.which("node")))
    for binary in sorted((TOOLS / "node" / "node_modules").glob("node-*/bin/node")):
        return binary
    raise SetupError(
        "NodeMissing", "no Node 24 for this system among npm's packages: install Node.js 24 or newer on PATH"
    )


def _path_is_new_enough() -> bool:
    return (program_version("node", "--version") or ()) >= HOST_NODE


def _install(steps: Steps, title: str, source: Path, folder: Path) -> None:
    lock = source / "package-lock.json"
    stamp = folder / "node_modules" / ".parallax-stamp"
    wanted = digest([lock])
    if is_done(stamp, wanted):
        steps.already(title)
        return
    with steps.step(title):
        stamp.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        if source != folder:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copyfile(source / name, folder / name)
        run(["npm", "ci", "--ignore-scripts", "--no-progress"], what=title, folder=folder)
        stamp.write_text(wanted)
