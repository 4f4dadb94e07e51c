"""Scenarios from TOML files and from the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.errors import InvalidScenarioError
from lab.scenario import Endpoint, Level, Scenario, Signature

SCENARIOS = Path(__file__).parent.parent / "scenarios"
LEVELS = (Level(rate=10, connections=1), Level(rate=60, connections=16))
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SCENARIO = {"name", "knee", "patience", "endpoint", "level"}
_ENDPOINT = {"name", "method", "path", "body", "headers", "expects", "signature"}


def of_path(path: str) -> Scenario:
    """GET of one path. Raises InvalidScenarioError."""
    endpoint = _endpoint({"method": "GET", "path": path}, "--path")
    return Scenario(name=path, endpoints=(endpoint,), levels=LEVELS, knee=endpoint.name)


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
        _endpoint(entry, f"{file.name}, endpoint {number}") for number, entry in enumerate(found.get("endpoint", ()), 1)
    )
    levels = tuple(_level(entry, file.name) for entry in found.get("level", ())) or LEVELS
    names = [endpoint.name for endpoint in endpoints]
    if len(set(names)) < len(names) or not names:
        raise InvalidScenarioError(f"{file.name}: endpoints need names of their own, and there must be one")
    knee = found.get("knee")
    if knee is not None and knee not in names:
        raise InvalidScenarioError(f"{file.name}: knee is {knee!r}; the endpoints are {', '.join(names)}")
    patience = _number(found.get("patience", 10.0), f"{file.name}: patience")
    return Scenario(name=found.get("name", file.stem), endpoints=endpoints, levels=levels, knee=knee, patience=patience)


def _endpoint(entry: Mapping[str, Any], where: str) -> Endpoint:
    _known(entry, _ENDPOINT, where)
    method, path = entry.get("method", "GET"), entry.get("path")
    if method not in _METHODS:
        raise InvalidScenarioError(f"{where}: method is {method!r}; valid: {', '.join(_METHODS)}")
    if not isinstance(path, str) or not path.startswith("/") or any(character.isspace() for character in path):
        raise InvalidScenarioError(f"{where}: path is {path!r}; it must begin with a slash and have no white space")
    body = entry.get("body", "")
    headers = {str(name).lower(): str(value) for name, value in entry.get("headers", {}).items()}
    if any(character in text for text in (*headers, *headers.values()) for character in "\r\n"):
        raise InvalidScenarioError(f"{where}: a header has a line break")
    if body:
        headers = {"content-type": "application/json", **headers}
    signature = entry.get("signature")
    return Endpoint(
        name=entry.get("name", f"{method} {path}"),
        method=method,
        path=path,
        body=body,
        headers=headers,
        expects=tuple(entry.get("expects", (200,))),
        signature=_signature(signature, where) if signature is not None else None,
    )


def _signature(entry: Mapping[str, Any], where: str) -> Signature:
    _known(entry, {"key_variable"}, f"{where}, signature")
    return Signature(key_variable=str(entry.get("key_variable", "")))


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
