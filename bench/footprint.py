"""How much memory a tree of processes holds, and how large and slow to import what is deployed is."""

from __future__ import annotations

import statistics
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import psutil

_IMPORTS = 5


def resident_megabytes(pid: int) -> float:
    """Memory of a process and all its descendants in MB: proportional set size on Linux, resident set elsewhere."""
    root = psutil.Process(pid)
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            memory = process.memory_full_info()
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
        total += getattr(memory, "pss", memory.rss)
    return total / 1e6


def import_milliseconds(package: Path, module: str, interpreter: str, variables: Mapping[str, str]) -> float:
    """Median time to import a module of an unpacked package in an interpreter that has started already.

    Without bytecode, as on Lambda: the package holds none, and its folder there is read-only.
    """
    timed = f"import time; t = time.perf_counter(); import {module}; print((time.perf_counter() - t) * 1000)"
    environment = {"PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    runs = []
    for _ in range(_IMPORTS):
        done = subprocess.run(
            [interpreter, "-c", timed], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        runs.append(float(done.stdout))
    return statistics.median(runs)


def unpack(archive: Path, folder: Path) -> Path:
    """Unpacks a zip that this program built."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return folder


def megabytes(path: Path) -> float:
    """Size of a file, or of all files below a folder, in MB (10^6 bytes)."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
