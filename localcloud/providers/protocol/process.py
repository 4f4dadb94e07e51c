"""A plugin's life: one line with the port, then gRPC until its engine ends or says so."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc

from localcloud.providers.protocol import wire
from localcloud.providers.protocol.resource import Package
from localcloud.providers.protocol.servicer import Provider

_MESSAGE_BYTES: Final = 400 * 1024 * 1024
"""The engine's own limit: assets travel inside messages."""

_WORKERS: Final = 64
_PARENT_SECONDS: Final = 0.2
_ENGINE_SECONDS: Final = 2.0


def run(package: Package[Any], arguments: list[str]) -> None:
    """Serve until the engine is gone. `arguments`: the engine's address; none when attached by port."""
    # A plugin that lingers after SIGINT costs every command five seconds, and `up --refresh` its success.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    options = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)]
    server = grpc.server(ThreadPoolExecutor(_WORKERS), options=options)
    wire.provider_grpc.add_ResourceProviderServicer_to_server(Provider(package), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    engine = next((argument for argument in arguments if not argument.startswith("-")), None)
    if engine is not None:
        threading.Thread(target=_leave_with_engine, args=(engine,), daemon=True).start()
    _leave_with_parent()


def _leave_with_parent() -> None:
    """A killed engine sends no signal: its plugins are handed to another parent, and would live on."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(_PARENT_SECONDS)
    os._exit(0)


def _leave_with_engine(address: str) -> None:
    """The parent may be a wrapper that outlives the engine; the engine's own port tells."""
    host, _, port = address.rpartition(":")
    while True:
        time.sleep(_ENGINE_SECONDS)
        try:
            socket.create_connection((host or "127.0.0.1", int(port)), timeout=_ENGINE_SECONDS).close()
        except ConnectionRefusedError:
            os._exit(0)
        except OSError:
            continue
