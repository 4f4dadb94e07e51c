"""How a month's work is spread over the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lab.errors import InvalidWorkloadError

HOURS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`hours` are 24 weights of which only the proportions count. `burst` is the busiest minute of an hour over that
    hour's mean: what runs without a pause must hold it.
    """

    name: str
    hours: tuple[float, ...]
    burst: float

    def __post_init__(self) -> None:
        """Raises InvalidWorkloadError for a day that cannot be."""
        if len(self.hours) != HOURS or min(self.hours) < 0 or not sum(self.hours):
            raise InvalidWorkloadError(
                f"the shape {self.name} has {len(self.hours)} hours; give 24 weights, none negative and not all zero"
            )
        if self.burst < 1:
            raise InvalidWorkloadError(
                f"the shape {self.name} has a burst of {self.burst:g}; the least is 1, a steady one"
            )

    @property
    def shares(self) -> tuple[float, ...]:
        """Each hour's part of the day, in sum 1."""
        whole = sum(self.hours)
        return tuple(hour / whole for hour in self.hours)

    @property
    def peak(self) -> float:
        """The busiest minute over the day's mean."""
        return max(self.shares) * HOURS * self.burst


SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        shape.name: shape
        for shape in (
            Shape(name="flat", hours=(1,) * HOURS, burst=1.2),
            Shape(
                name="business",
                hours=(1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 8, 9, 10, 10, 9, 7, 4, 3, 2, 2, 1, 1),
                burst=1.5,
            ),
            Shape(name="spiky", hours=(1,) * 9 + (10,) + (1,) * 9 + (5,) + (1,) * 4, burst=3),
        )
    }
)
