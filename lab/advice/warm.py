"""How many instances must be there so that few requests find all of them busy."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

_MANY: Final = 500.0


def instances(under_way: float, missed: float) -> int:
    """`under_way` requests at once in the mean; at most the part `missed` (0 to 1) of arrivals finds none free.

    Where arrivals do not know of one another, the number under way that an arrival meets is Poisson distributed
    (https://en.wikipedia.org/wiki/M/M/%E2%88%9E_queue); beyond some hundreds it is as good as normal.
    """
    if under_way > _MANY:
        return math.ceil(under_way + NormalDist().inv_cdf(1 - missed) * math.sqrt(under_way))
    busy, chance, met = 0, math.exp(-under_way), 0.0
    while True:
        met += chance
        if 1 - met <= missed:
            return busy + 1
        busy += 1
        chance *= under_way / busy
