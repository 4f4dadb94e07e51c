"""Compatibility dates and flags, checked as Cloudflare does (workerd `src/workerd/io/compatibility-date.c++`)."""

import datetime
import functools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from localcloud.cloudflare.workers.exceptions import ValidationError

_FLAGS_FILE = Path(__file__).with_name("compatibility_flags.json")
_DATE = re.compile(r"2\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_PYTHON_FLAG = "python_workers"


class _Flag(NamedTuple):
    enable: str | None
    disable: str | None
    experimental: bool


@functools.cache
def _flags() -> dict[str, _Flag]:
    rows = [_Flag(*row) for row in json.loads(_FLAGS_FILE.read_text())["flags"]]
    return {name: flag for flag in rows for name in (flag.enable, flag.disable) if name}


def check(date: str, flags: Sequence[str], today: datetime.date | None = None) -> None:
    """Raises ValidationError for a date that is malformed or in the future (UTC), and for flags that do not exist,
    are given twice, contradict each other, or are experimental."""
    today = today or datetime.datetime.now(datetime.UTC).date()
    if not _DATE.fullmatch(date):
        raise ValidationError(f"Invalid compatibility date: {date}")
    if date > today.isoformat():
        raise ValidationError(f"Can't set compatibility date in the future: {date}")
    for number, name in enumerate(flags):
        flag = _flags().get(name)
        if flag is None:
            raise ValidationError(f"No such compatibility flag: {name}")
        if name in flags[:number]:
            raise ValidationError(f"Compatibility flag specified multiple times: {name}")
        if flag.experimental and name == flag.enable:
            raise ValidationError(
                f"The compatibility flag {name} is experimental and cannot yet be used in Workers "
                "deployed to Cloudflare."
            )
        if flag.enable in flags and flag.disable in flags:
            raise ValidationError(f"Compatibility flags are mutually contradictory: {flag.enable} vs {flag.disable}")


def check_python(flags: Sequence[str]) -> None:
    """Raises ValidationError where Python modules are uploaded without the flag for them."""
    if _PYTHON_FLAG not in flags:
        raise ValidationError(f"The {_PYTHON_FLAG} compatibility flag is required to use Python.")
