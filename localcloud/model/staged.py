"""A model that is told to be slow, to throttle or to fail, whoever it really is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

from localcloud.model.backend import Backend, Chat, Completion, End, ModelError
from localcloud.model.settings import ModelSettings
from localcloud.model.tokens import count


class StagedModel:
    """Implements Backend on another one. How many calls have failed counts from its making on.

    It goes on from `before` where that was told the same failure, so that another setting does not ask for it again.
    """

    def __init__(self, inner: Backend, settings: ModelSettings, before: StagedModel | None = None) -> None:
        self._inner = inner
        self._settings = settings
        self._failed = before.failures_of(settings.fail_id) if before else 0
        self._throttled = 0.0

    async def complete(self, chat: Chat) -> Completion:
        failure = self._next_failure()
        await asyncio.sleep(self._settings.latency_ms / 1000)
        if failure:
            raise failure
        started = time.monotonic()
        completion = await self._inner.complete(chat)
        await self._keep_pace(started, completion.usage.output_tokens)
        return completion

    async def stream(self, chat: Chat) -> AsyncIterator[str | End]:
        failure, after = self._next_failure(), self._settings.after_tokens
        await asyncio.sleep(self._settings.latency_ms / 1000)
        if failure and (not after or failure.kind == "throttled"):
            raise failure
        started, tokens = time.monotonic(), 0
        async with aclosing(self._inner.stream(chat)) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                if isinstance(piece, str):
                    await self._keep_pace(started, tokens)
                    tokens += count(piece)
                yield piece
                if failure and tokens >= after:
                    raise failure

    def failures_of(self, fail_id: int) -> int:
        """How many calls have failed because of that one request for a failure."""
        return self._failed if fail_id and fail_id == self._settings.fail_id else 0

    def _next_failure(self) -> ModelError | None:
        """What happens to the call that comes in now."""
        settings = self._settings
        if settings.fail and (settings.times is None or self._failed < settings.times):
            self._failed += 1
            retry_after = 1.0 if settings.fail == "throttled" else None
            return ModelError(settings.fail, f"the model was told to fail: {settings.fail}", retry_after=retry_after)
        # Spread evenly: a quarter is every fourth call.
        self._throttled += settings.throttle
        if self._throttled >= 1 - 1e-9:
            self._throttled -= 1
            return ModelError("throttled", "the model was told to throttle", retry_after=1.0)
        return None

    async def _keep_pace(self, started: float, tokens: int) -> None:
        if self._settings.tokens_per_second is not None:
            await asyncio.sleep(max(0.0, started + tokens / self._settings.tokens_per_second - time.monotonic()))
