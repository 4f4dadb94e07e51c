"""The application's secrets in a local stack: made up, and kept only as encrypted config.

What a secret must hold is the application's to say; that in a local stack any value of that form will do is said here.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from tools.run import run

PROJECT = "parallax"


def made() -> Mapping[str, str]:
    """New random values, by the names that the application declares; a test holds the names to its AppSpec."""
    return {"webhookKeys": "whsec_" + base64.b64encode(os.urandom(32)).decode()}


def missing(settings: Path, names: Mapping[str, str]) -> list[str]:
    """Which of these names a stack's settings file has no encrypted value for."""
    text = settings.read_text() if settings.exists() else ""
    config = (yaml.safe_load(text) or {}).get("config") or {}
    return [name for name in names if not _is_encrypted(config.get(f"{PROJECT}:{name}"))]


def put(values: Mapping[str, str], settings: Path, stack: str, environment: Mapping[str, str], folder: Path) -> None:
    """Encrypts values into a settings file. They go by standard input: every process can read another's arguments.

    Raises SetupError.
    """
    for name, value in values.items():
        words = ["pulumi", "config", "set", "--secret", name, "--stack", stack, "--config-file", str(settings)]
        run(words, what="pulumi config", folder=folder, environment=environment, given=value)


def _is_encrypted(value: object) -> bool:
    return isinstance(value, dict) and "secure" in value
