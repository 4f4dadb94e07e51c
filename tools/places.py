"""Where set-up puts things: below the repository, and for the Pulumi CLI in the user's cache folder."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".tools"
LAMBDA_RUNTIMES = TOOLS / "lambda-runtimes"
LOCAL = ROOT / ".parallax"
STAND_INS = ROOT / "localcloud" / "providers" / "bin"


def user_cache() -> Path:
    """Parallax's folder in the user's cache, by the XDG base directory specification."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parallax"
