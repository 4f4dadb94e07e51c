"""Access logs: a line a request in the stage's format (API Gateway developer guide, http-api-logging-variables)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from localcloud.aws.ports import LogSink

_VARIABLE = re.compile(r"\$context\.([A-Za-z0-9_.]+[A-Za-z0-9_])")


@dataclass(slots=True)
class Access:
    """What one request leaves behind; times in milliseconds."""

    request_id: str
    method: str
    path: str
    route_key: str
    host: str
    source: str
    agent: str
    stage: str
    account: str
    api: str
    time: str
    epoch_ms: int
    status: int = 0
    length: int = 0
    processed: int = 0
    latency: int = 0
    integration_latency: int | None = None
    integration_status: int | None = None
    integration_request_id: str | None = None
    error: str | None = None
    response_type: str | None = None


_GETTERS: dict[str, Callable[[Access], object]] = {
    "accountId": lambda a: a.account,
    "apiId": lambda a: a.api,
    "awsEndpointRequestId": lambda a: a.integration_request_id,
    "dataProcessed": lambda a: a.processed,
    "domainName": lambda a: a.host,
    "domainPrefix": lambda a: a.api,
    "error.message": lambda a: a.error,
    "error.messageString": lambda a: None if a.error is None else f'"{a.error}"',
    "error.responseType": lambda a: a.response_type,
    "extendedRequestId": lambda a: a.request_id,
    "httpMethod": lambda a: a.method,
    "identity.sourceIp": lambda a: a.source,
    "identity.userAgent": lambda a: a.agent,
    "integration.error": lambda a: a.error,
    "integration.integrationStatus": lambda a: a.integration_status,
    "integration.latency": lambda a: a.integration_latency,
    "integration.requestId": lambda a: a.integration_request_id,
    "integration.status": lambda a: a.integration_status,
    "integrationErrorMessage": lambda a: a.error,
    "integrationLatency": lambda a: a.integration_latency,
    "integrationStatus": lambda a: a.integration_status,
    "path": lambda a: a.path,
    "protocol": lambda _: "HTTP/1.1",
    "requestId": lambda a: a.request_id,
    "requestTime": lambda a: a.time,
    "requestTimeEpoch": lambda a: a.epoch_ms,
    "responseLatency": lambda a: a.latency,
    "responseLength": lambda a: a.length,
    "routeKey": lambda a: a.route_key,
    "stage": lambda a: a.stage,
    "status": lambda a: a.status,
}


class AccessLog:
    """Formats at once and hands over in batches; `flush` empties it."""

    def __init__(self, sink: LogSink, group: str, stream: str, layout: str) -> None:
        self._sink, self._group, self._stream = sink, group, stream
        parts: list[str | Callable[[Access], object]] = []
        end = 0
        for found in _VARIABLE.finditer(layout):
            getter = _GETTERS.get(found[1], lambda _: None)
            parts += [layout[end : found.start()], getter]
            end = found.end()
        self._parts = [*parts, layout[end:]]
        self._lines: list[tuple[int, str]] = []

    def add(self, access: Access) -> None:
        """Notes a request. A value that is not there is `-`."""
        pieces = []
        for part in self._parts:
            if isinstance(part, str):
                pieces.append(part)
            else:
                value = part(access)
                pieces.append("-" if value is None or value == "" else _escaped(str(value)))
        self._lines.append((access.epoch_ms, "".join(pieces)))

    def flush(self) -> None:
        """Hands the lines over."""
        if self._lines:
            self._sink.write(self._group, self._stream, self._lines)
            self._lines = []


def _escaped(text: str) -> str:
    """Client-sent text must neither end a line nor leave a JSON string."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(f"\\{c}" if c in '"\\' else c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
