"""`model`: shows which text model both clouds have and how it behaves, and changes that while they run."""

import argparse
import dataclasses
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localcloud.model.settings import FAILURES, KEY_VARIABLE, ModelSettings, ModelSettingsError, load, save
from localcloud.paths import Folders, private_folder
from localcloud.settings import Settings

_NONE = "none"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is not given stays as it is. Only given options appear in the result."""

    def option(name: str, metavar: str, kind: Any, text: str, **more: Any) -> None:
        parser.add_argument(name, metavar=metavar, type=kind, default=argparse.SUPPRESS, help=text, **more)

    option("--latency", "MS", int, "milliseconds until the first token (default: 0)", dest="latency_ms")
    option("--tokens-per-second", "N", _optional(float), "how fast the answer comes; none: at once (default)")
    option("--throttle", "SHARE", float, "the share of calls that is throttled, 0 to 1 (default: 0)")
    option("--fail", "KIND", _failure, f"let calls fail: {', '.join(FAILURES)}; none: no more")
    option("--times", "N", _optional(int), "only the next N calls of each cloud fail; none: all (default)")
    option("--after-tokens", "N", int, "a streamed answer fails after N tokens (default: 0)")
    option("--url", "URL", _optional(str), "an OpenAI-compatible server, with its /v1; none: the deterministic model")
    option("--model", "NAME", str, "the model's name on that server")
    option(
        "--key-file", "PATH", _optional(_path), f"a file with that server's API key (or the variable {KEY_VARIABLE})"
    )
    parser.add_argument("--reset", action="store_true", help="the deterministic model again, without a fault")
    parser.add_argument("--json", action="store_true", help="for programs")


def model(settings: Settings, options: argparse.Namespace) -> int:
    """0, or 2 where a setting makes no sense."""
    folders = Folders(settings.data)
    known = {field.name for field in dataclasses.fields(ModelSettings)}
    changes = {name: value for name, value in vars(options).items() if name in known}
    try:
        now = ModelSettings() if options.reset else load(folders.model_file)
        if changes or options.reset:
            now = _changed(now, changes)
            private_folder(folders.data)
            save(folders.model_file, now)
    except ModelSettingsError as error:
        sys.stderr.write(f"error ({error.code}): {error}\n")
        return 2
    sys.stdout.write(json.dumps(now.to_json(), indent=2) + "\n" if options.json else "\n".join(now.describe()) + "\n")
    return 0


def _changed(now: ModelSettings, changes: dict[str, Any]) -> ModelSettings:
    """A new failure forgets what was said of the one before, and the end of a server its model and key."""
    if "fail" in changes:
        changes = {"times": None, "after_tokens": 0} | changes
        changes["fail_id"] = time.time_ns() if changes["fail"] else 0
    if "url" in changes and changes["url"] is None:
        changes = {"model": None, "key_file": None} | changes
    return dataclasses.replace(now, **changes)


def _failure(text: str) -> str | None:
    """`timed-out` is `timed_out`."""
    kind = text.replace("-", "_")
    if kind != _NONE and kind not in FAILURES:
        raise argparse.ArgumentTypeError(f"{text!r} is no failure; valid are {', '.join(FAILURES)}, none")
    return None if kind == _NONE else kind


def _path(text: str) -> str:
    """Absolute: the parts run in other folders."""
    return str(Path(text).absolute())


def _optional(kind: Callable[[str], Any]) -> Any:
    def parse(text: str) -> Any:
        return None if text == _NONE else kind(text)

    parse.__name__ = kind.__name__  # what argparse calls it in its errors
    return parse
