"""`command:PROGRAM ARGUMENT …`: for any other platform, a program of the user's after which a new instance answers."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lab.errors import ColdStartRefusedError

_SECONDS = 600


class Command:
    """Run once before each request, without a shell; it puts back itself what it must."""

    name = "command"
    together = 1
    settles = 0.0

    def __init__(self, words: str) -> None:
        self._words = shlex.split(words)
        self.description = f"`{words}` was run, and the next request counts where a new instance answered."

    @asynccontextmanager
    async def forced(self, count: int) -> AsyncIterator[AsyncIterator[None]]:
        """Runs it before each. Raises ColdStartRefusedError where it fails."""

        async def times() -> AsyncIterator[None]:
            for _ in range(count):
                await self._run()
                yield

        yield times()

    async def _run(self) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
            )
        except OSError as error:
            raise ColdStartRefusedError(f"{self._words[0]} cannot be run: {error.strerror}") from error
        try:
            async with asyncio.timeout(_SECONDS):
                _, errors = await process.communicate()
        except BaseException as error:
            process.kill()
            await process.wait()
            if not isinstance(error, TimeoutError):
                raise
            raise ColdStartRefusedError(f"{self._words[0]} was not done after {_SECONDS} s") from None
        if process.returncode:
            tail = errors.decode(errors="replace").strip().splitlines()[-1:]
            raise ColdStartRefusedError(f"{self._words[0]} ended with {process.returncode}: {' '.join(tail)}")
