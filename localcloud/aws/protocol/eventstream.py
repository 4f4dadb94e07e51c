"""AWS's binary event stream, as it is written (Smithy's `application/vnd.amazon.eventstream`; smithy.io/2.0/aws).

A message: its length, its headers' length, a CRC of both; the headers; the payload; a CRC of all before. A header here
is always a string (type 7). Payloads are JSON; members that the model binds to headers or to a raw payload
(`eventheader`, `eventpayload`) are not known here, as none of the services of ours has them.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zlib import crc32

import orjson

from localcloud.aws.protocol.service import ServiceError

if TYPE_CHECKING:
    from botocore.model import Shape, StructureShape

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7
_log = logging.getLogger(__name__)

Event = tuple[str, dict[str, Any]]


def encode(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One message. A header's name has up to 255 bytes, its value up to 65,535."""
    packed = b"".join(map(_header, headers.items()))
    prelude = struct.pack("!II", 12 + len(packed) + len(payload) + 4, len(packed))
    message = prelude + struct.pack("!I", crc32(prelude)) + packed + payload
    return message + struct.pack("!I", crc32(message))


async def encode_events(
    shape: StructureShape, events: AsyncIterator[Event], to_json: Callable[[Shape, Any], Any]
) -> AsyncIterator[bytes]:
    """Events, by their names in the model, as messages. A ServiceError half-way is the last message."""
    async with aclosing(events):  # type: ignore[type-var]
        try:
            async for name, members in events:
                yield encode(_headers("event", name), orjson.dumps(to_json(shape.members[name], members)))
        except ServiceError as error:
            yield _failure(shape, error)
        except Exception:  # noqa: BLE001 - the caller gets an incident, the log the cause
            incident = str(uuid4())
            _log.exception("a stream failed, incident %s", incident)
            yield _failure(shape, ServiceError("InternalFailure", f"The local cloud failed, incident {incident}."))


def _failure(shape: StructureShape, error: ServiceError) -> bytes:
    """An exception where the model has one of that name in the stream, else an error without a type."""
    name = error.code[:1].lower() + error.code[1:]
    if name in shape.members:
        document = {"message": error.message, **error.fields}
        return encode(_headers("exception", name), orjson.dumps(document))
    return encode({":message-type": "error", ":error-code": error.code, ":error-message": error.message}, b"")


def _headers(kind: str, name: str) -> dict[str, str]:
    return {f":{kind}-type": name, ":content-type": "application/json", ":message-type": kind}


def _header(item: tuple[str, str]) -> bytes:
    name, value = item[0].encode(), item[1].encode()
    return struct.pack("!B", len(name)) + name + struct.pack("!BH", _STRING, len(value)) + value
