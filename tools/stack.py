"""The stack `dev`: made once, without a trace in Pulumi.dev.yaml, and freed from an engine that was killed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

from tools.places import ROOT
from tools.run import run

NAME = "dev"
PROJECT = "parallax"


def ensure(environment: Mapping[str, str], home: Path) -> None:
    """Makes and selects the stack. Raises SetupError with Pulumi's own words."""
    if not (home / "state" / ".pulumi" / "stacks" / PROJECT / f"{NAME}.json").exists():
        _make(environment)
    run(["pulumi", "stack", "select", NAME], what="pulumi", folder=ROOT, environment=environment)


def _make(environment: Mapping[str, str]) -> None:
    """`pulumi stack init` writes the encryption salt into the stack's settings, which are under version control and the
    same for everybody. So the stack is made from another folder; then it is given an empty snapshot, which names the
    salt, and the engine takes it from there (GetSecretsManager in pulumi/pulumi, pkg/cmd/pulumi/stack/secrets.go).
    """
    with tempfile.TemporaryDirectory(prefix="parallax-stack-") as scratch:
        folder = Path(scratch)
        shutil.copyfile(ROOT / "Pulumi.yaml", folder / "Pulumi.yaml")
        run(["pulumi", "stack", "init", NAME], what="pulumi", folder=folder, environment=environment)
        salt = yaml.safe_load((folder / f"Pulumi.{NAME}.yaml").read_text())["encryptionsalt"]
        provider = {"type": "passphrase", "state": {"salt": salt}}
        snapshot = {
            "version": 3,
            "deployment": {
                "manifest": {"time": "0001-01-01T00:00:00Z", "magic": "", "version": ""},
                "secrets_providers": provider,
            },
        }
        file = folder / "snapshot.json"
        file.write_text(json.dumps(snapshot))
        command = ["pulumi", "stack", "import", "--stack", NAME, "--file", str(file)]
        run(command, what="pulumi", folder=folder, environment=environment)


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
