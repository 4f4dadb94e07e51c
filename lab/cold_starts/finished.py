"""Changes to a cloud that are not left half-way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def finished(work: Awaitable[T]) -> T:
    """What `work` gives. A caller that is cancelled meanwhile ends after it: a request that is given up may be carried
    out all the same, and later than what was sent to undo it.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # or it counts as never looked at
        raise
