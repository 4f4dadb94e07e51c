"""A first side-by-side measurement of two URLs: a glance, not a benchmark."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from rich.console import Console
from rich.table import Table

_BODY = {"hello": "parallax"}
_WARM, _COUNTED = 5, 30


@dataclass(frozen=True, slots=True)
class Look:
    """Milliseconds from request to whole answer, one request at a time on a kept-alive connection."""

    first: float
    median: float
    slowest: float


def look(url: str) -> Look:
    """Raises httpx.HTTPError where the application does not answer."""
    with httpx.Client(timeout=30) as client:
        times = [_echo(client, url) for _ in range(1 + _WARM + _COUNTED)]
    counted = times[1 + _WARM :]
    return Look(times[0], statistics.median(counted), max(counted))


def _echo(client: httpx.Client, url: str) -> float:
    started = time.perf_counter()
    client.post(f"{url.rstrip('/')}/echo", json=_BODY).raise_for_status()
    return (time.perf_counter() - started) * 1000


def show(urls: Mapping[str, str], console: Console) -> None:
    """Measures and prints, a row a cloud."""
    title = f"POST /echo, {_COUNTED} requests one after the other, ms (the emulators on this machine, not the clouds)"
    table = Table()
    for heading in ("cloud", "first", "median", "slowest"):
        table.add_column(heading, justify="left" if heading == "cloud" else "right")
    for cloud, url in urls.items():
        seen = look(url)
        table.add_row(cloud, f"{seen.first:.1f}", f"{seen.median:.1f}", f"{seen.slowest:.1f}")
    console.print(title, soft_wrap=True)
    console.print(table)
