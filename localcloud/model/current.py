"""The model as the user's settings have it at the moment of a call."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

from localcloud.model.backend import Backend, Chat, Completion, End
from localcloud.model.local import LocalModel
from localcloud.model.openai import OpenAiModel
from localcloud.model.settings import ModelSettings, ModelSettingsError, load
from localcloud.model.staged import StagedModel

_log = logging.getLogger(__name__)
_Mark = tuple[int, int, int]


class CurrentModel:
    """Implements Backend. Looks at the file before each call and reads it when it is another one."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._mark: _Mark | None = None
        self._backend = StagedModel(LocalModel(), ModelSettings())

    async def complete(self, chat: Chat) -> Completion:
        return await self._now().complete(chat)

    def stream(self, chat: Chat) -> AsyncIterator[str | End]:
        return self._now().stream(chat)

    def _now(self) -> Backend:
        mark = self._look()
        if mark != self._mark:
            self._mark = mark
            try:
                settings = load(self._file) if self._file else ModelSettings()
            except (ModelSettingsError, OSError) as error:
                _log.error("the model goes on as before: %s", error)
            else:
                self._backend = StagedModel(_backend(settings), settings, self._backend)
        return self._backend

    def _look(self) -> _Mark | None:
        """Changes whenever the file does: each writing makes a new file."""
        try:
            found = self._file.stat() if self._file else None
        except FileNotFoundError:
            return None
        return (found.st_mtime_ns, found.st_ino, found.st_size) if found else None


def _backend(settings: ModelSettings) -> Backend:
    if settings.url and settings.model:
        return OpenAiModel(settings.url, settings.model, key_file=settings.key_file)
    return LocalModel()
