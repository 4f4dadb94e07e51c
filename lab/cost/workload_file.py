"""Reads workloads: a user's file, one of the lab's own by its name, or what a finished comparison measured."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lab.cost.layers import Layer, known
from lab.cost.shape import SHAPES, Shape
from lab.cost.workload import FIGURES, Origin
from lab.errors import InvalidResultsError, InvalidWorkloadError
from lab.report.read import read

WORKLOADS: Final = Path(__file__).parent.parent / "workloads"
_BESIDES: Final = ("shape", "options", "not_deployed", "platform", "advice")


def read_workload(name: str) -> Layer:
    """A file, whose figures are given, or one of the lab's own by its name, whose figures are assumed.

    Raises InvalidWorkloadError.
    """
    path, origin = Path(name), _origin(name)
    if origin == "assumed":
        path = WORKLOADS / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        own = ", ".join(sorted(file.stem for file in WORKLOADS.glob("*.toml")))
        raise InvalidWorkloadError(f"there is no workload {name!r}: give a TOML file, or one of {own}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidWorkloadError(f"the workload {path} is no TOML: {error}") from None
    return _layer(path.name, table, origin)


def measured(results: Path) -> Layer:
    """What a comparison measured, from its `report.json`. Raises InvalidResultsError where that is nothing."""
    cost = read(results).cost
    figures: dict[str, float] = {}
    special: dict[str, dict[str, float]] = {}
    for name, origin in cost.origin.items() if cost is not None else ():
        value = cost.workload.get(name) if cost is not None else None
        platform, _, figure = name.rpartition(".")
        if origin != "measured" or figure not in FIGURES or not isinstance(value, int | float):
            continue
        (special.setdefault(platform, {}) if platform else figures)[figure] = value
    if not figures and not special:
        raise InvalidResultsError(
            f"the report in {results} holds no measured figure of a workload: compare deployments that tell their usage"
        )
    return Layer(origin="measured", figures=figures, by_platform=special)


def _origin(name: str) -> Origin:
    return "given" if name.endswith(".toml") or "/" in name else "assumed"


def _layer(where: str, table: Mapping[str, Any], origin: Origin) -> Layer:
    figures = {name: value for name, value in table.items() if name not in _BESIDES}
    if unknown := sorted(figures.keys() - FIGURES.keys()):
        valid = ", ".join((*FIGURES, *_BESIDES))
        raise InvalidWorkloadError(f"{where} has the unknown figure {', '.join(unknown)}; valid: {valid}")
    special = table.get("platform", {})
    if not isinstance(special, dict) or not all(isinstance(own, dict) for own in special.values()):
        raise InvalidWorkloadError(f"{where}: what holds for one platform alone stands under [platform.NAME]")
    for own in special.values():
        for name in own:
            known(name)
    return Layer(
        origin=origin,
        figures=figures,
        by_platform=special,
        shape=_shape(where, table["shape"]) if "shape" in table else None,
        options=_texts(where, "options", table),
        not_deployed=_texts(where, "not_deployed", table),
    )


def _texts(where: str, name: str, table: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = table.get(name)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise InvalidWorkloadError(f"{where}: {name} is {found!r}; it is a list of texts")
    return tuple(found)


def _shape(where: str, said: object) -> Shape:
    if isinstance(said, str):
        return named_shape(said)
    if not isinstance(said, dict) or said.keys() != {"name", "hours", "burst"}:
        raise InvalidWorkloadError(
            f"{where}: a shape is one of {', '.join(SHAPES)}, or [shape] with name, hours (24 weights) and burst"
        )
    hours, burst = said["hours"], said["burst"]
    if not isinstance(hours, list) or not all(_is_number(hour) for hour in hours) or not _is_number(burst):
        raise InvalidWorkloadError(f"{where}: a shape's hours are a list of 24 numbers, and its burst is a number")
    return Shape(name=str(said["name"]), hours=tuple(hours), burst=burst)


def named_shape(name: str) -> Shape:
    """Raises InvalidWorkloadError for a name that no shape has."""
    if name not in SHAPES:
        raise InvalidWorkloadError(f"there is no shape {name!r}; valid: {', '.join(SHAPES)}, or [shape] in a file")
    return SHAPES[name]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
