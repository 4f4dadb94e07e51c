"""The rounds of a plan, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

from lab.load.open_loop import Slot, open_loop
from lab.samples import Round


async def rounds(
    slots: Sequence[Slot], *, run: str, origin: float, patience: float, begins: Callable[[Slot], None]
) -> AsyncIterator[Round]:
    """Each as soon as it is over, so that an end half-way keeps what was done. `begins` is told of each before it."""
    for slot in slots:
        begins(slot)
        yield await open_loop(slot, run=run, origin=origin, patience=patience)
