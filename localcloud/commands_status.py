"""`status`: each part, its functions and Workers, and what is unwell and why."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import psutil

from localcloud.model.settings import ModelSettings, ModelSettingsError, load
from localcloud.paths import Folders
from localcloud.running import find_running
from localcloud.settings import Settings
from localcloud.unix_http import call

HEALTHY, UNWELL, NOT_RUNNING = 0, 1, 3


def status(settings: Settings, *, as_json: bool) -> int:
    folders = Folders(settings.data)
    running = find_running(folders)
    if not running:
        _say(json.dumps({"running": False}) if as_json else "The local cloud is not running.")
        return NOT_RUNNING
    try:
        _, told = asyncio.run(call(Path(running.socket), "GET", "/status"))
    except (OSError, TimeoutError) as error:
        told = {"parts": [], "reason": f"the supervisor (pid {running.supervisor.pid}) does not answer: {error}"}
    parts: list[dict[str, Any]] = told["parts"]
    for part in parts:
        part["memory"] = _memory(part["pid"])
    supervisor = {"pid": running.supervisor.pid, "memory": _memory(running.supervisor.pid, alone=True)}
    healthy = bool(parts) and all(part["healthy"] for part in parts)
    model = _model(folders)
    if as_json:
        report = {"running": True, "healthy": healthy, "data": str(folders.data), "supervisor": supervisor} | told
        _say(json.dumps(report | {"model": model}, indent=2))
    else:
        # rich takes longer to import than all the rest: only where a table is printed.
        from localcloud.status_table import print_table  # noqa: PLC0415

        print_table(parts, supervisor, told.get("reason", ""))
        if model:
            _say("\nThe text model is not the default one (`python -m localcloud model`):\n  " + "\n  ".join(model))
    return HEALTHY if healthy else UNWELL


def _model(folders: Folders) -> list[str]:
    """What the user has told the text model, if anything."""
    try:
        settings = load(folders.model_file)
    except ModelSettingsError as error:
        return [str(error)]
    return [] if settings == ModelSettings() else settings.describe()


def _memory(pid: int | None, *, alone: bool = False) -> int | None:
    """Bytes that a process and all below it occupy; memory that forks share counts once where the system tells."""
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
        family = [process] if alone else [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return None
    return sum(map(_own_memory, family))


def _own_memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or full.uss)
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
