"""Runs a program of set-up: quiet while all is well, with the end of its output where it fails."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.errors import SetupError
from tools.places import ROOT

_TAIL_LINES = 15


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    given: str = "",
) -> str:
    """Standard output; `given` is standard input. Raises SetupError with the last lines of both outputs."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, cwd=folder, env=environment, input=given, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise SetupError("ProgramMissing", f"{what}: {words[0]} cannot be run ({error.strerror})") from error
    if done.returncode != 0:
        tail = "\n    ".join((done.stdout + done.stderr).strip().splitlines()[-_TAIL_LINES:])
        raise SetupError("ProgramFailed", f"{what}: {' '.join(words[:3])} … ended with {done.returncode}:\n    {tail}")
    return done.stdout


def attached(command: Sequence[str | Path], *, environment: Mapping[str, str]) -> None:
    """Runs with the terminal, and lets the program come to its own end: Ctrl-C reaches it too, and an engine that is
    killed while it stops leaves resources that its state does not know. Raises CalledProcessError.
    """
    words = [str(word) for word in command]
    process = subprocess.Popen(words, cwd=ROOT, env=environment)
    interrupted = False
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    if code != 0:
        raise subprocess.CalledProcessError(code, words)
