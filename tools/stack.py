"""The stack `dev`: made once, without a trace in Pulumi.dev.yaml, and freed from an engine that was killed.

Pulumi.dev.yaml is under version control and the same for everybody. What is one clone's own (the salt that belongs to
its passphrase, secrets encrypted by it, and what its user set) stands in a copy, which the engine reads and writes.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools import stack_secrets
from tools.places import ROOT
from tools.run import run

NAME = "dev"
PROJECT = stack_secrets.PROJECT


def ensure(environment: Mapping[str, str], home: Path) -> Path:
    """Makes and selects the stack, brings its settings up to date, and gives them their secrets; answers with the
    settings' file. Raises SetupError with Pulumi's own words.
    """
    if not (home / "state" / ".pulumi" / "stacks" / PROJECT / f"{NAME}.json").exists():
        with tempfile.TemporaryDirectory(prefix="parallax-stack-") as scratch:
            shutil.copyfile(ROOT / "Pulumi.yaml", Path(scratch) / "Pulumi.yaml")
            run(["pulumi", "stack", "init", NAME], what="pulumi", folder=Path(scratch), environment=environment)
    run(["pulumi", "stack", "select", NAME], what="pulumi", folder=ROOT, environment=environment)
    settings = settings_file(home)
    values = stack_secrets.made()
    lacking = stack_secrets.missing(settings, values)
    stack_secrets.put({name: values[name] for name in lacking}, settings, NAME, environment, ROOT)
    return settings


def is_ready(home: Path) -> bool:
    """Whether there is nothing that `ensure` would have to ask Pulumi for."""
    settings = home / f"Pulumi.{NAME}.yaml"
    state = home / "state" / ".pulumi" / "stacks" / PROJECT / f"{NAME}.json"
    return state.exists() and settings.exists() and not stack_secrets.missing(settings, stack_secrets.made())


def settings_file(home: Path) -> Path:
    """The stack's settings for `--config-file`: this clone's copy of Pulumi.dev.yaml.

    What has changed in Pulumi.dev.yaml since the last time is changed in the copy, too; all else in it stays.
    """
    tracked = (ROOT / f"Pulumi.{NAME}.yaml").read_text()
    copy, base = home / f"Pulumi.{NAME}.yaml", home / f"Pulumi.{NAME}.base.yaml"
    before = base.read_text() if base.exists() else ""
    if not copy.exists():
        copy.write_text(tracked)
    elif tracked != before:
        copy.write_text(_merged(copy.read_text(), before, tracked))
    base.write_text(tracked)
    return copy


def _merged(copy: str, before: str, tracked: str) -> str:
    """The copy with each key as tracked that was tracked in another way before."""
    ours, old, new = (yaml.safe_load(text) or {} for text in (copy, before, tracked))
    changed = [key for key in {**_config(old), **_config(new)} if _config(old).get(key) != _config(new).get(key)]
    config = {key: value for key, value in _config(ours).items() if key not in changed}
    config |= {key: _config(new)[key] for key in changed if key in _config(new)}
    return yaml.safe_dump({**ours, "config": config}, sort_keys=False)


def _config(settings: Mapping[str, Any]) -> dict[str, Any]:
    return dict(settings.get("config") or {})


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
