"""Puts a workload together: what is assumed, what was measured and what the user gave, in rising order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from lab.cost.shape import SHAPES, Shape
from lab.cost.workload import FIGURES, Origin, Workload
from lab.errors import InvalidWorkloadError

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Figures of one origin: common ones, and those of one platform alone. What is None was not said."""

    origin: Origin
    figures: Mapping[str, float] = field(default_factory=lambda: _NOTHING)
    by_platform: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: _NOTHING)
    shape: Shape | None = None
    options: tuple[str, ...] | None = None
    not_deployed: tuple[str, ...] | None = None


def together(layers: Sequence[Layer]) -> Workload:
    """The workload, a later layer's word before an earlier one's: a common figure also before an earlier layer's for
    one platform. Raises InvalidWorkloadError.
    """
    figures: dict[str, float] = {}
    special: dict[str, dict[str, float]] = {}
    origin: dict[str, Origin] = {}
    shape: Shape = SHAPES["flat"]
    options: tuple[str, ...] = ()
    not_deployed: tuple[str, ...] = ()
    for layer in layers:
        for name, value in layer.figures.items():
            known(name)
            figures[name], origin[name] = value, layer.origin
            for platform, own in special.items():
                own.pop(name, None)
                origin.pop(f"{platform}.{name}", None)
        for platform, said in layer.by_platform.items():
            for name, value in said.items():
                known(name)
                special.setdefault(platform, {})[name] = value
                origin[f"{platform}.{name}"] = layer.origin
        if layer.shape is not None:
            shape = layer.shape
            origin["shape"] = origin["shape_peak"] = layer.origin
        if layer.options is not None:
            options = layer.options
            origin["options"] = layer.origin
        not_deployed = not_deployed if layer.not_deployed is None else layer.not_deployed
    return Workload(
        **figures,
        shape=shape,
        options=options,
        not_deployed=not_deployed,
        origin=MappingProxyType(origin),
        by_platform=MappingProxyType({name: MappingProxyType(own) for name, own in special.items() if own}),
    )


def known(name: str) -> None:
    """Raises InvalidWorkloadError for a name that is no figure's, with those that are."""
    if name not in FIGURES:
        raise InvalidWorkloadError(f"a workload has no figure {name!r}; valid: {', '.join(FIGURES)}")
