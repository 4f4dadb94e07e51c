"""A day's shape with another peak."""

from __future__ import annotations

from typing import Final

from lab.cost.shape import HOURS, Shape
from lab.errors import InvalidWorkloadError

LOWEST: Final = 1.0


def with_peak(shape: Shape, factor: float) -> Shape:
    """The same day, its busiest minute `factor` times the day's mean: sharper within each hour, or else flattened.

    With the shape's own peak it is the shape itself. Raises InvalidWorkloadError for a factor under 1.
    """
    if not factor >= LOWEST:
        raise InvalidWorkloadError(f"the peak is {factor:g} times the mean; the least is 1, a steady load")
    highest = max(shape.shares) * HOURS
    if factor >= highest:
        return Shape(name=shape.name, hours=shape.hours, burst=factor / highest)
    kept = (factor - 1) / (highest - 1)
    return Shape(name=shape.name, hours=tuple(1 + (share * HOURS - 1) * kept for share in shape.shares), burst=1)
