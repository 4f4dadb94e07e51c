"""A new connection, and what each part of opening it took."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from time import perf_counter

from lab.load.address import Address
from lab.load.connection import Connection, Opening
from lab.load.outcome import ConnectTimeoutError

_Found = Sequence[tuple[socket.AddressFamily, tuple[object, ...]]]


async def open_connection(
    address: Address, context: ssl.SSLContext | None, *, patience: float, keep_body: bool = False
) -> tuple[Connection, Opening]:
    """Raises ConnectTimeoutError after `patience` seconds, OSError, socket.gaierror, ssl.SSLError."""
    try:
        async with asyncio.timeout(patience):
            return await _opened(address, context, keep_body=keep_body)
    except TimeoutError as error:  # ours, or the system's own
        raise ConnectTimeoutError from error


async def _opened(address: Address, context: ssl.SSLContext | None, *, keep_body: bool) -> tuple[Connection, Opening]:
    loop = asyncio.get_running_loop()
    started = perf_counter()
    found = await _addresses(loop, address)
    named = perf_counter()
    sock = await _connected(loop, found)
    connected = perf_counter()
    try:
        _, connection = await loop.create_connection(
            lambda: Connection(keep_body=keep_body),
            sock=sock,
            ssl=context if address.secure else None,
            server_hostname=address.host if address.secure else None,
        )
    except BaseException:
        sock.close()
        raise
    secured = perf_counter()
    name = None if _is_number(address.host) else named - started
    return connection, Opening(name, connected - named, secured - connected if address.secure else None)


async def _addresses(loop: asyncio.AbstractEventLoop, address: Address) -> _Found:
    if _is_number(address.host):
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        return [(family, (address.host, address.port))]
    try:
        found = await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # no name can be so long, or have an empty part
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
    return [(family, where) for family, _, _, _, where in found]


async def _connected(loop: asyncio.AbstractEventLoop, addresses: _Found) -> socket.socket:
    """The first that takes the connection. Raises the last one's error."""
    failure: OSError = OSError("no address")
    for family, where in addresses:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await loop.sock_connect(sock, where)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise failure


def _is_number(host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.inet_pton(family, host)
    except OSError:
        return False
    return True
