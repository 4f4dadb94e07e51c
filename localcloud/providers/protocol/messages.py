"""Between gRPC messages and property values; how an error reaches the user."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final

import grpc

from localcloud.providers.protocol import wire
from localcloud.providers.protocol.errors import InitialisationFailedError, ProviderError
from localcloud.providers.protocol.schema import Failure
from localcloud.providers.protocol.values import from_wire, to_wire

_UNKNOWN: Final = 2
"""google.rpc.Code.UNKNOWN, which the engine expects beside ErrorResourceInitFailed."""


def unpack(struct: Any) -> dict[str, Any]:
    """The property values in a Struct."""
    return {key: from_wire(_plain(value)) for key, value in struct.fields.items()}


def _plain(value: Any) -> Any:
    """Like json_format.MessageToDict, several times as fast: every message of a large stack passes through here."""
    match value.WhichOneof("kind"):
        case "struct_value":
            return {key: _plain(item) for key, item in value.struct_value.fields.items()}
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case None | "null_value":
            return None
        case kind:
            return getattr(value, kind)


def pack(values: Mapping[str, Any]) -> Any:
    """A Struct with these property values."""
    struct = wire.Struct()
    struct.update({key: to_wire(value) for key, value in values.items()})
    return struct


def reported(failure: Failure) -> Any:
    """A refused input, as Check answers it."""
    return wire.provider.CheckFailure(property=failure.path, reason=failure.reason)


def answering(handler: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
    """A handler whose ProviderErrors are shown as they are; anything else is a fault of the plugin, with its trace."""

    @functools.wraps(handler)
    def answer(provider: Any, request: Any, context: Any) -> Any:
        try:
            return handler(provider, request, context)
        except InitialisationFailedError as error:
            _abort_initialisation(error, request, context)
        except ProviderError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except Exception as error:  # noqa: BLE001 (the last place where it can still be told)
            traceback.print_exc(file=sys.stderr)
            context.abort(grpc.StatusCode.INTERNAL, f"{type(error).__name__} in {handler.__name__}: {error}")

    return answer


def _abort_initialisation(error: InitialisationFailedError, request: Any, context: Any) -> None:
    inputs = request.news if isinstance(request, wire.provider.UpdateRequest) else request.properties
    detail = wire.provider.ErrorResourceInitFailed(
        id=error.resource_id, properties=pack(error.outputs), reasons=[str(error)], inputs=inputs
    )
    packed = wire.AnyMessage()
    packed.Pack(detail)
    status = wire.status.Status(code=_UNKNOWN, message=str(error), details=[packed])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, str(error))
