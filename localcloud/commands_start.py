"""`start`: a supervisor in the background, or in this terminal."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from localcloud.child import READY_WITHIN, StartError, child_environment
from localcloud.paths import ROOT, Folders
from localcloud.running import Running, find_running
from localcloud.settings import Settings
from localcloud.supervisor import AlreadyRunningError, Supervisor
from localcloud.unix_http import call

_POLL_SECONDS = 0.1
PROGRAM = (sys.executable, "-m", "localcloud")


def start(settings: Settings, program: Sequence[str] = PROGRAM) -> int:
    """Starts `program start --foreground` in a session of its own and returns when it serves; 0 if it already did."""
    folders = Folders(settings.data)
    folders.create()
    began = time.monotonic()
    running = find_running(folders)
    if running:
        return _join(folders)
    told = _launch(folders, [*program, "start", "--foreground", *settings.to_arguments()])
    if told.get("code") == AlreadyRunningError.code:
        # Another `start` was a moment earlier.
        return _join(folders)
    if told.get("event") != "ready":
        message = told.get("message") or f"the supervisor ended at once; its log is {folders.logs / 'supervisor.log'}"
        sys.stderr.write(f"error ({told.get('code', 'ExitedEarly')}): {message}\n")
        return 1
    running = find_running(folders)
    assert running is not None
    _say(f"The local cloud runs: {_addresses(running)} (started in {time.monotonic() - began:.1f} s).")
    return 0


def run_in_foreground(settings: Settings, ready_fd: int | None = None) -> int:
    """Runs the supervisor in this process. What happened is told on `ready_fd` as one line of JSON, if given."""
    folders = Folders(settings.data)

    def tell(**fields: str) -> None:
        if ready_fd is not None:
            with os.fdopen(ready_fd, "w") as pipe:
                pipe.write(json.dumps(fields) + "\n")

    def ready() -> None:
        tell(event="ready")
        running = find_running(folders)
        assert running is not None
        _say(f"The local cloud runs: {_addresses(running)}.")

    try:
        asyncio.run(Supervisor(folders, settings.parts(), settings.to_json()).run(ready))
    except (StartError, AlreadyRunningError) as error:
        sys.stderr.write(f"error ({error.code}): {error}\n")
        tell(event="failed", code=error.code, message=str(error))
        return 1
    return 0


def _join(folders: Folders) -> int:
    """Waits for a local cloud that somebody else started."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        running = find_running(folders)
        try:
            told = asyncio.run(call(Path(running.socket), "GET", "/status"))[1] if running else {"parts": []}
        except (OSError, TimeoutError):
            told = {"parts": []}
        if running and told["parts"] and all(part["state"] != "starting" for part in told["parts"]):
            _say(f"The local cloud already runs: {_addresses(running)}.")
            return 0
        time.sleep(_POLL_SECONDS)
    sys.stderr.write(f"error (NotReady): another `start` has not come to an end; see {folders.logs}/supervisor.log\n")
    return 1


def _launch(folders: Folders, command: list[str]) -> dict[str, Any]:
    """What the new supervisor tells about itself; empty if it ended without a word."""
    reading, writing = os.pipe()
    log = os.open(folders.logs / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        process = subprocess.Popen(
            [*command, "--ready-fd", str(writing)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=child_environment(),  # functions are its grandchildren, and may read what it holds
            pass_fds=[writing],
            start_new_session=True,
        )
    finally:
        os.close(writing)
        os.close(log)
    try:
        with os.fdopen(reading) as pipe:
            line = pipe.readline()
    except BaseException:
        # Ctrl-C while it starts: the user does not want it.
        process.terminate()
        process.wait()
        raise
    told: dict[str, Any] = json.loads(line) if line else {}
    if told.get("event") == "ready":
        # It goes on without us; without this, Python warns about a process that nobody waited for.
        process.returncode = 0
    else:
        process.wait()
    return told


def _addresses(running: Running) -> str:
    return ", ".join(f"{part.name} on http://127.0.0.1:{part.port}" for part in running.parts)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
