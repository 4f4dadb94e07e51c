"""The lines that AWS Lambda writes after each run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_FIELD: Final = re.compile(r"([A-Z][A-Za-z ]+): ([\d.]+) (?:ms|MB)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run: milliseconds, and megabytes. A cold one was initialised or restored; of a restore only what the runtime
    and hooks take is billed.
    """

    duration_ms: float
    billed_ms: float
    memory_mb: float
    used_mb: float
    init_ms: float | None = None
    restore_ms: float | None = None
    billed_restore_ms: float | None = None


# By field of Report: what it is called in text, and in JSON.
_NAMES: Final = (
    ("duration_ms", "Duration", "durationMs"),
    ("billed_ms", "Billed Duration", "billedDurationMs"),
    ("memory_mb", "Memory Size", "memorySizeMB"),
    ("used_mb", "Max Memory Used", "maxMemoryUsedMB"),
    ("init_ms", "Init Duration", "initDurationMs"),
    ("restore_ms", "Restore Duration", "restoreDurationMs"),
    ("billed_restore_ms", "Billed Restore Duration", "billedRestoreDurationMs"),
)
_NEEDED: Final = frozenset({"duration_ms", "billed_ms", "memory_mb", "used_mb"})


def reports(lines: Iterable[str]) -> Iterator[Report]:
    """Those among the lines of a log; any other is passed over."""
    for line in lines:
        found = _of_text(line) if line.startswith("REPORT RequestId: ") else _of_json(line)
        if found.keys() >= _NEEDED:
            yield Report(**found)


def _of_text(line: str) -> dict[str, float]:
    # Fields stand between tabs: by the end of their names alone, a restore would be taken for the duration.
    fields = (_FIELD.fullmatch(field.strip()) for field in line.split("\t"))
    numbers = {field[1]: float(field[2]) for field in fields if field}
    return {name: numbers[text] for name, text, _ in _NAMES if text in numbers}


def _of_json(line: str) -> dict[str, float]:
    if '"platform.report"' not in line:
        return {}
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    if not isinstance(event, dict) or event.get("type") != "platform.report":
        return {}
    metrics: Mapping[str, Any] = event["record"].get("metrics", {})
    return {name: float(metrics[key]) for name, _, key in _NAMES if key in metrics}
