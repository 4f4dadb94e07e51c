"""Reads the table [advice] of a workload file; `python -m lab cost` reads the same file and passes over it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from lab.advice.answers import ANSWERS
from lab.cost.workload_file import WORKLOADS
from lab.errors import InvalidWorkloadError

TABLE = "advice"


def read_answers(name: str) -> dict[str, Any]:
    """A file's answers by name, or those of one of the lab's own workloads; empty where it has none.

    Raises InvalidWorkloadError. That the rest of the file is right is seen by who reads it.
    """
    path = Path(name) if name.endswith(".toml") or "/" in name else WORKLOADS / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get(TABLE, {})
    except OSError as error:
        raise InvalidWorkloadError(f"the workload {path.name} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidWorkloadError(f"the workload {path} is no TOML: {error}") from None
    if not isinstance(table, dict):
        raise InvalidWorkloadError(f"{path.name}: what advice needs to know stands in a table, [{TABLE}]")
    if unknown := sorted(table.keys() - ANSWERS.keys()):
        raise InvalidWorkloadError(
            f"{path.name}, [{TABLE}] has the unknown {', '.join(unknown)}; valid: {', '.join(ANSWERS)}"
        )
    return table
