"""Small repositories for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def tree(folder: Path, files: Mapping[str, str]) -> Path:
    """Writes the files below a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def export(path: Path, *resources: Mapping[str, Any], stack: str = "dev") -> Path:
    """An export with resources of these types and names, each `{"type": …, "name": …}` and what else it has."""
    entries = [
        {
            "custom": True,
            **resource,
            "urn": f"urn:pulumi:{stack}::shop::{resource['type']}::{resource.get('name', 'it')}",
        }
        for resource in resources
    ]
    path.write_text(json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": entries}}))
    return path
