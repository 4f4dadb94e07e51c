"""The virtual environment, from the lock with hashes: by uv where present, else by pip."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys

from tools.errors import SetupError
from tools.places import PYTHON, ROOT, VENV
from tools.run import run
from tools.stamp import digest, is_done
from tools.steps import Steps

LOCK = ROOT / "requirements.txt"
_TITLE = "Python packages"


def ensure(steps: Steps) -> None:
    """Makes or completes `.venv`. An interrupted run is simply gone on with."""
    stamp = VENV / "parallax-stamp"
    wanted = digest([LOCK, sys.version])
    if is_done(stamp, wanted):
        steps.already(_TITLE)
        return
    uv = shutil.which("uv")
    with steps.step(_TITLE, "half a minute with uv, a minute or two with pip"):
        stamp.unlink(missing_ok=True)
        if not _works():
            run([sys.executable, "-m", "venv", "--clear", VENV], what=_TITLE, folder=ROOT)
        if uv:
            run([uv, "pip", "install", "--python", PYTHON, "--require-hashes", "-r", LOCK], what=_TITLE, folder=ROOT)
        else:
            flags = ("--require-hashes", "--disable-pip-version-check", "--no-input", "--no-compile", "--quiet")
            run([PYTHON, "-m", "pip", "install", *flags, "-r", LOCK], what=_TITLE, folder=ROOT, environment=_plain())
        # Not by pip, which uses one processor for its 500 MB, and uv does not; under PYTHONDONTWRITEBYTECODE each
        # start would: 4 s for Cloudflare's SDK.
        with contextlib.suppress(SetupError):  # some packages bring templates that are no Python
            run([PYTHON, "-m", "compileall", "-q", "-j", "0", VENV / "lib"], what=_TITLE, folder=ROOT)
        stamp.write_text(wanted)


def _works() -> bool:
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _plain() -> dict[str, str]:
    """The environment without what would make pip install elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET")}
