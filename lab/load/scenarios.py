"""Scenarios from TOML files and from the command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.errors import InvalidScenarioError
from lab.scenario import Endpoint, Level, Scenario, Signature

SCENARIOS = Path(__file__).parent.parent / "scenarios"
LEVELS = (Level(rate=10, connections=1), Level(rate=60, connections=16))
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_PATH = re.compile(r"/[!-~]*")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_VALUE = re.compile(r"[ -~]*")
_SCENARIO = {"name", "knee", "patience", "endpoint", "level"}
_ENDPOINT = {"name", "method", "path", "body", "headers", "expects", "signature"}


def of_path(words: str) -> Scenario:
    """`/path`, `METHOD /path` or `METHOD /path BODY`; without a method it is GET. Raises InvalidScenarioError."""
    method, _, rest = words.partition(" ") if not words.startswith("/") else ("GET", "", words)
    path, _, body = rest.partition(" ")
    endpoint = _endpoint({"method": method.upper(), "path": path, "body": body}, "--path")
    return Scenario(name=endpoint.name, endpoints=(endpoint,), levels=LEVELS, knee=endpoint.name)


def read_scenario(name: str) -> Scenario:
    """One that comes with the lab, by its name, or a file. Raises InvalidScenarioError."""
    known = sorted(file.stem for file in SCENARIOS.glob("*.toml"))
    file = SCENARIOS / f"{name}.toml" if name in known else Path(name)
    try:
        found = tomllib.loads(file.read_text())
    except FileNotFoundError:
        raise InvalidScenarioError(
            f"there is no scenario {name!r}: give a file, or one of {', '.join(known)}"
        ) from None
    except (OSError, ValueError) as error:
        raise InvalidScenarioError(f"{file}: {error}") from error
    _known(found, _SCENARIO, str(file))
    endpoints = tuple(
        _endpoint(entry, f"{file.name}, endpoint {number}")
        for number, entry in enumerate(_tables(found, "endpoint", file.name), 1)
    )
    levels = tuple(_level(entry, file.name) for entry in _tables(found, "level", file.name)) or LEVELS
    names = [endpoint.name for endpoint in endpoints]
    if len(set(names)) < len(names) or not names:
        raise InvalidScenarioError(f"{file.name}: endpoints need names of their own, and there must be one")
    knee = found.get("knee")
    if knee is not None and knee not in names:
        raise InvalidScenarioError(f"{file.name}: knee is {knee!r}; the endpoints are {', '.join(names)}")
    patience = _number(found.get("patience", 10.0), f"{file.name}: patience")
    called = _text(found, "name", file.stem, file.name)
    return Scenario(name=called, endpoints=endpoints, levels=levels, knee=knee, patience=patience)


def _endpoint(entry: Mapping[str, Any], where: str) -> Endpoint:
    _known(entry, _ENDPOINT, where)
    method, path = entry.get("method", "GET"), entry.get("path")
    if method not in _METHODS:
        raise InvalidScenarioError(f"{where}: method is {method!r}; valid: {', '.join(_METHODS)}")
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise InvalidScenarioError(
            f"{where}: path is {path!r}; it must begin with a slash and be as it is sent: ASCII without white space, "
            "anything else percent-encoded"
        )
    body = _text(entry, "body", "", where)
    headers = _headers(entry.get("headers", {}), where)
    if body:
        headers = {"content-type": "application/json", **headers}
    signature = entry.get("signature")
    return Endpoint(
        name=_text(entry, "name", f"{method} {path}", where),
        method=method,
        path=path,
        body=body,
        headers=headers,
        expects=_statuses(entry.get("expects", [200]), where),
        signature=_signature(signature, where) if signature is not None else None,
    )


def _headers(entry: object, where: str) -> dict[str, str]:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise InvalidScenarioError(f"{where}: headers must be a table of texts")
    headers = {name.lower(): value for name, value in entry.items()}
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not _VALUE.fullmatch(value):
            raise InvalidScenarioError(f"{where}: the header {name!r} is none that can be sent")
    return headers


def _statuses(entry: object, where: str) -> tuple[int, ...]:
    if not isinstance(entry, list) or not entry or not all(type(one) is int and 200 <= one <= 599 for one in entry):
        raise InvalidScenarioError(f"{where}: expects is {entry!r}; it must be a list of statuses, such as [200]")
    return tuple(entry)


def _signature(entry: object, where: str) -> Signature:
    if not isinstance(entry, dict) or not isinstance(entry.get("key_variable"), str) or not entry["key_variable"]:
        raise InvalidScenarioError(
            f"{where}: signature needs key_variable, the name of the environment's variable that holds the key"
        )
    _known(entry, {"key_variable"}, f"{where}, signature")
    return Signature(key_variable=entry["key_variable"])


def _tables(found: Mapping[str, Any], name: str, where: str) -> Sequence[Mapping[str, Any]]:
    entries = found.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidScenarioError(f"{where}: {name} must be written as [[{name}]], once for each")
    return entries


def _text(entry: Mapping[str, Any], name: str, otherwise: str, where: str) -> str:
    value = entry.get(name, otherwise)
    if not isinstance(value, str):
        raise InvalidScenarioError(f"{where}: {name} is {value!r}; it must be a text")
    return value


def _level(entry: Mapping[str, Any], where: str) -> Level:
    _known(entry, {"rate", "connections"}, f"{where}, level")
    rate = _number(entry.get("rate"), f"{where}: a level's rate")
    connections = entry.get("connections", 1)
    if type(connections) is not int or not 1 <= connections <= 1000:
        raise InvalidScenarioError(f"{where}: a level's connections are {connections!r}; 1 to 1000")
    return Level(rate=rate, connections=connections)


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        raise InvalidScenarioError(f"{what} is {value!r}; it must be a number greater than 0")
    return float(value)


def _known(entry: Mapping[str, Any], keys: set[str], where: str) -> None:
    if unknown := sorted(entry.keys() - keys):
        raise InvalidScenarioError(f"{where}: unknown {', '.join(unknown)}; valid: {', '.join(sorted(keys))}")
