"""The config keys of the project, and the values that each one takes."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from components.limits import (
    HTTP_API_BURST,
    HTTP_API_RATE,
    HTTP_API_TIMEOUT,
    LAMBDA_MEMORY_MB,
    LOG_RETENTION_DAYS,
    SECRET_WINDOW,
    WORKER_CPU_MS,
    WORKER_EARLIEST_DATE,
)


class KnownMistakeError(ValueError):
    """A value that is wrong in a way that has a name: the message says what is right."""


@dataclass(frozen=True, slots=True)
class Key:
    """`parse` turns the key's text into its value or raises ValueError; `valid` says what it takes."""

    parse: Callable[[str], Any]
    valid: str

    def or_empty(self) -> Key:
        """The same key, where empty text means None."""
        parse = self.parse
        return Key(lambda text: parse(text) if text else None, f"{self.valid}, or empty")


def attribute_of(key: str) -> str:
    """`logRetention` -> `log_retention`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()


def _choice(values: Mapping[str, Any]) -> Key:
    def parse(text: str) -> Any:
        if text not in values:
            raise ValueError(text)
        return values[text]

    return Key(parse, ", ".join(values))


def _one_of(*values: str) -> Key:
    return _choice({value: value for value in values})


def _whole(low: int, high: int, unit: str) -> Key:
    def parse(text: str) -> int:
        if not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return Key(parse, f"a whole number from {low} to {high} ({unit})")


def _matching(pattern: str, valid: str) -> Key:
    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return Key(parse, valid)


def _listed(item: Key) -> Key:
    def parse(text: str) -> tuple[Any, ...]:
        values = json.loads(text)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ValueError(text)
        return tuple(item.parse(value) for value in values)

    return Key(parse, f"a list, each of {item.valid}")


def _tags(text: str) -> Mapping[str, str]:
    tags = json.loads(text)
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise ValueError(text)
    return MappingProxyType(tags)


def _date(text: str) -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    if not datetime.date.fromisoformat(WORKER_EARLIEST_DATE) <= datetime.date.fromisoformat(text) <= today:
        raise ValueError(text)
    return text


def _flags(text: str) -> tuple[str, ...]:
    flags: tuple[str, ...] = _listed(_matching(r"[a-z0-9_]+", "")).parse(text)
    if "python_workers" not in flags:
        raise ValueError(text)
    return flags


def _workers_ai_model(text: str) -> str:
    if text in _NOT_IN_THE_CATALOGUE:
        raise KnownMistakeError(f"no model of Cloudflare's has this id; it is {_NOT_IN_THE_CATALOGUE[text]}")
    return _matching(r"@(cf|hf)/[\w.-]+/[\w.-]+", "").parse(text)  # type: ignore[no-any-return]


# Ids that people copy from notes: the catalogue has only the quantised, faster one.
# https://developers.cloudflare.com/workers-ai/models/llama-3.3-70b-instruct-fp8-fast/
_NOT_IN_THE_CATALOGUE = {"@cf/meta/llama-3.3-70b-instruct": "@cf/meta/llama-3.3-70b-instruct-fp8-fast"}
_IDENTIFIER = r"[^\W\d]\w*"
_HEX_ID = _matching(r"[0-9a-f]{32}", "32 hex digits")
_HOST = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"

KEYS: Final[Mapping[str, Key]] = MappingProxyType(
    {
        "target": _choice({"aws": ("aws",), "cloudflare": ("cloudflare",), "both": ("aws", "cloudflare")}),
        "application": _matching(
            rf"{_IDENTIFIER}(\.{_IDENTIFIER})*:{_IDENTIFIER}", "module:attribute, such as app.api:app"
        ),
        "applicationPath": _matching(r".+", "a folder, absolute or below the project"),
        "requirements": _matching(r".+", "a requirements file, absolute or below the project").or_empty(),
        "tags": Key(_tags, "a map of strings"),
        "corsOrigins": _listed(_matching(r"\*|https?://[^/\s*]+", "* or an origin such as https://app.example.com")),
        "architecture": _one_of("arm64", "x86_64", "native"),
        "runtime": _one_of("python3.12", "python3.13", "python3.14"),
        "memory": _whole(*LAMBDA_MEMORY_MB, "MB"),
        "timeout": _whole(1, HTTP_API_TIMEOUT, "seconds"),
        "snapStart": _choice({"true": True, "false": False}),
        "logRetention": _choice({str(days): days for days in LOG_RETENTION_DAYS}),
        "awsTextModel": _matching(
            r"[a-z][a-z0-9-]*\.[a-z0-9.:-]+", "an id of Amazon Bedrock's, such as us.meta.llama3-3-70b-instruct-v1:0"
        ).or_empty(),
        "secretRecoveryDays": _choice(
            {str(days): days for days in (0, *range(SECRET_WINDOW[0], SECRET_WINDOW[1] + 1))}
        ),
        "throttleRate": _whole(1, HTTP_API_RATE, "requests a second"),
        "throttleBurst": _whole(1, HTTP_API_BURST, "requests"),
        "cloudflareAccountId": _HEX_ID.or_empty(),
        "cloudflareZoneId": _HEX_ID.or_empty(),
        "route": _matching(rf"{_HOST}/\*", "a host name and /*, such as api.example.com/*").or_empty(),
        "workersDevUrl": _matching(
            r"https?://[^\s{}]*\{script\}[^\s{}]*",
            "an address with {script} in it, such as https://{script}.acme.workers.dev",
        ).or_empty(),
        "cloudflareTextModel": Key(
            _workers_ai_model, "an id of Cloudflare's catalogue, such as @cf/meta/llama-3.3-70b-instruct-fp8-fast"
        ).or_empty(),
        "compatibilityDate": Key(_date, f"a date from {WORKER_EARLIEST_DATE} to today (UTC)"),
        "compatibilityFlags": Key(_flags, "a list of flags, python_workers among them"),
        "cpuMs": Key(
            lambda text: None if text == "0" else _whole(1, WORKER_CPU_MS, "").parse(text),
            f"a whole number from 1 to {WORKER_CPU_MS} (ms), or 0 for the account's own limit",
        ),
    }
)
