"""A function's log, as far as its role may write it: Lambda itself writes, but on the role's behalf.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html: without the rights no lines are kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from localcloud.aws.ports import LogSink, Need, Rights, RoleSession

_log = logging.getLogger(__name__)
_RETRY = 0.1  # seconds between looks whether the policies are loaded
_REMEMBERED = 1000  # streams


class PermittedSink:
    """Implements LogSink for one role. Lines wait while the policies are not known yet."""

    def __init__(self, sink: LogSink, rights: Rights, session: RoleSession, region: str) -> None:
        self._sink = sink
        self._rights = rights
        self._session = session
        self._arn = f"arn:aws:logs:{region}:{session.role_arn.split(':')[4]}:log-group"
        self._streams: set[tuple[str, str]] = set()
        self._held: list[tuple[str, str, Sequence[tuple[int, str]]]] = []
        self._refused = ""

    def has_group(self, group: str) -> bool:
        """Whether the log group exists."""
        return self._sink.has_group(group)

    def write(self, group: str, stream: str, lines: Sequence[tuple[int, str]]) -> None:
        """Keeps the lines if the role may write them."""
        if self._held or not self._rights.known:
            if not self._held:
                asyncio.get_running_loop().call_later(_RETRY, self._release)
            self._held.append((group, stream, lines))
        elif self._may(group, stream):
            self._sink.write(group, stream, lines)

    def _release(self) -> None:
        if not self._rights.known:
            asyncio.get_running_loop().call_later(_RETRY, self._release)
            return
        held, self._held = self._held, []
        for group, stream, lines in held:
            self.write(group, stream, lines)

    def _may(self, group: str, stream: str) -> bool:
        if not self._sink.has_group(group):
            self._streams.clear()
            if not self._permits("CreateLogGroup", group, ""):
                return False
        if (group, stream) not in self._streams:
            if not self._permits("CreateLogStream", group, stream):
                return False
            if len(self._streams) >= _REMEMBERED:
                self._streams.clear()
            self._streams.add((group, stream))
        return self._permits("PutLogEvents", group, stream)

    def _permits(self, action: str, group: str, stream: str) -> bool:
        if self._rights.permits(self._session, Need(f"logs:{action}", f"{self._arn}:{group}:log-stream:{stream}")):
            return True
        if self._refused != action:
            self._refused = action
            _log.warning("%s may not logs:%s in %s; its log is dropped", self._session.arn, action, group)
        return False
