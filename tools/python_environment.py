"""The virtual environment, from the lock with hashes: by uv where present, else by pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

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
            # uv does not compile; under PYTHONDONTWRITEBYTECODE each start would: 4 s for Cloudflare's SDK.
            compiler = [PYTHON, "-m", "compileall", "-q", "-j", "0", VENV / "lib"]
            subprocess.run([str(word) for word in compiler], check=False, capture_output=True)
        else:
            flags = ("--require-hashes", "--disable-pip-version-check", "--no-input", "--quiet")
            run([PYTHON, "-m", "pip", "install", *flags, "-r", LOCK], what=_TITLE, folder=ROOT, environment=_plain())
        stamp.write_text(wanted)


def _works() -> bool:
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _plain() -> dict[str, str]:
    """The environment without what would make pip install elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET")}
