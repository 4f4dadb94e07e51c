"""The stack `dev`: made once, without a trace in Pulumi.dev.yaml, and freed from an engine that was killed."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tools.places import ROOT
from tools.run import run

NAME = "dev"
PROJECT = "parallax"
_SALT = re.compile(r"^encryptionsalt: .*\n?", re.MULTILINE)


def ensure(environment: Mapping[str, str], home: Path) -> None:
    """Makes and selects the stack. Raises SetupError with Pulumi's own words."""
    if not (home / "state" / ".pulumi" / "stacks" / PROJECT / f"{NAME}.json").exists():
        with tempfile.TemporaryDirectory(prefix="parallax-stack-") as scratch:
            shutil.copyfile(ROOT / "Pulumi.yaml", Path(scratch) / "Pulumi.yaml")
            run(["pulumi", "stack", "init", NAME], what="pulumi", folder=Path(scratch), environment=environment)
    run(["pulumi", "stack", "select", NAME], what="pulumi", folder=ROOT, environment=environment)


def settings_file(home: Path) -> Path:
    """The stack's settings for `--config-file`: a copy of Pulumi.dev.yaml that may hold an encryption salt.

    The engine writes the salt that belongs to this clone's own passphrase into the file that it reads, and
    Pulumi.dev.yaml is under version control and the same for everybody.
    """
    text = (ROOT / f"Pulumi.{NAME}.yaml").read_text()
    copy = home / f"Pulumi.{NAME}.yaml"
    if _SALT.search(text) is None and copy.exists():
        salt = _SALT.search(copy.read_text())
        text += salt[0] if salt else ""
    copy.write_text(text)
    return copy


def is_deployed(home: Path) -> bool:
    """Whether the stack's state holds any resource."""
    state = home / "state" / ".pulumi" / "stacks" / PROJECT / f"{NAME}.json"
    try:
        deployment = json.loads(state.read_text())["checkpoint"]["latest"]
    except (OSError, KeyError, ValueError):
        return False
    return bool(deployment and deployment.get("resources"))


def free(environment: Mapping[str, str], home: Path) -> bool:
    """Takes away the lock of an engine that no longer lives (`pulumi cancel`). Says whether there was one."""
    locks = home / "state" / ".pulumi" / "locks"
    left = [file for file in locks.rglob("*.json") if f"/{NAME}/" in file.as_posix() and _is_dead(file)]
    if not left:
        return False
    run(["pulumi", "cancel", "--yes", "--stack", NAME], what="pulumi", folder=ROOT, environment=environment)
    return True


def _is_dead(lock: Path) -> bool:
    """Whether the process that a lock of Pulumi's file backend names ran here and runs no more."""
    try:
        holder = json.loads(lock.read_text())
        if holder["hostname"] != socket.gethostname():
            return False
        os.kill(int(holder["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, KeyError):
        return False
    return False
