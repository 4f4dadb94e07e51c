"""What a user has told the model: kept as JSON in the data folder, where both clouds look before each call."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from localcloud.model.backend import FailureKind

FAILURES: tuple[FailureKind, ...] = get_args(FailureKind)
KEY_VARIABLE = "PARALLAX_MODEL_API_KEY"


class ModelSettingsError(ValueError):
    """A setting that makes no sense; the text names it, what was found and what is valid."""

    code = "InvalidModelSetting"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How the model behaves, and who it is. The defaults are the deterministic model, at once and without a fault."""

    latency_ms: int = 0  # until the first token
    tokens_per_second: float | None = None  # from then on; None: at once
    throttle: float = 0.0  # the share of calls that is throttled, spread evenly
    fail: FailureKind | None = None
    times: int | None = None  # how many of each cloud's next calls fail; None: all
    after_tokens: int = 0  # a streamed answer fails after so many tokens
    fail_id: int = 0  # another one each time that a failure is asked for: `times` counts from then on
    url: str | None = None  # of an OpenAI-compatible server, with its /v1
    model: str | None = None  # the model's name there
    key_file: str | None = None  # whose content is that server's API key

    def __post_init__(self) -> None:
        _number("latency", self.latency_ms, 0, 600_000, "milliseconds")
        if self.tokens_per_second is not None:
            _number("tokens per second", self.tokens_per_second, 0.1, 1_000_000, "tokens")
        _number("throttle", self.throttle, 0, 1, "a share of the calls")
        if self.fail is not None and self.fail not in FAILURES:
            raise ModelSettingsError(f"fail: {self.fail!r} is no failure; valid are {', '.join(FAILURES)}, none")
        if self.times is not None:
            _number("times", self.times, 1, 1_000_000, "calls")
        _number("after tokens", self.after_tokens, 0, 1_000_000, "tokens")
        if (self.times is not None or self.after_tokens) and self.fail is None:
            raise ModelSettingsError("times and after tokens say when a failure comes; name one with --fail")
        self._check_server()

    def _check_server(self) -> None:
        if self.url is None:
            if self.model is not None or self.key_file is not None:
                raise ModelSettingsError("model and key file belong to a server; name one with --url")
            return
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            example = "http://127.0.0.1:11434/v1"
            raise ModelSettingsError(f"url: {self.url!r} is no base URL of a server; valid is for example {example}")
        if parts.username or parts.password:
            raise ModelSettingsError(f"url: a key does not belong there; use --key-file or the variable {KEY_VARIABLE}")
        if not self.model:
            raise ModelSettingsError("model: a server may have several; name one with --model")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Any) -> ModelSettings:
        """Raises ModelSettingsError."""
        known = [field.name for field in fields(cls)]
        if not isinstance(document, dict) or not document.keys() <= set(known):
            raise ModelSettingsError(f"the model's settings are an object with some of {', '.join(known)}")
        texts = ("fail", "url", "model", "key_file")
        if any(not isinstance(document.get(name), str | None) for name in texts):
            raise ModelSettingsError(f"{', '.join(texts)} are texts or null")
        return cls(**document)

    def describe(self) -> list[str]:
        """One line a fact that differs from the default, the model itself first."""
        who = f"{self.model} at {self.url}" if self.url else "the deterministic one of the local cloud"
        lines = [f"model: {who}"]
        if self.key_file:
            lines.append(f"key file: {self.key_file}")
        if self.latency_ms:
            lines.append(f"latency: {self.latency_ms} ms to the first token")
        if self.tokens_per_second is not None:
            lines.append(f"speed: {self.tokens_per_second:g} tokens a second")
        if self.throttle:
            lines.append(f"throttle: {self.throttle:.0%} of all calls")
        if self.fail:
            calls = "every call" if self.times is None else f"each cloud's next {self.times}, from when it was told"
            when = f", after {self.after_tokens} tokens where the answer is streamed" if self.after_tokens else ""
            lines.append(f"fail: {self.fail}, {calls}{when}")
        return lines


def load(path: Path) -> ModelSettings:
    """The settings in a file; the default ones where there is none. Raises ModelSettingsError."""
    try:
        return ModelSettings.from_json(json.loads(path.read_text()))
    except FileNotFoundError:
        return ModelSettings()
    except json.JSONDecodeError as error:
        raise ModelSettingsError(
            f"{path} is not JSON: {error}; `python -m localcloud model --reset` renews it"
        ) from None


def save(path: Path, settings: ModelSettings) -> None:
    """Replaces the file as a whole (mode 0600), so that no reader sees half of it."""
    temporary = path.with_suffix(".new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(settings.to_json(), file, indent=2)
    temporary.replace(path)


def _number(name: str, value: Any, least: float, most: float, unit: str) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most:
        raise ModelSettingsError(f"{name}: {value!r} is not valid; valid are {least:g} to {most:g}, in {unit}")
