"""One request, measured."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple

from lab.load.connection import Address, Answer, Opening, open_connection, request_bytes
from lab.load.outcome import kind_of, of_status
from lab.load.pool import Pool
from lab.load.signature import signed
from lab.samples import Sample
from lab.scenario import Endpoint
from lab.targets import Target

INSTANCE, INSTANCE_REQUESTS = "x-instance", "x-instance-requests"
_MICRO = 1_000_000
# What `Endpoint.body` and `.path` may count up to, so that keys repeat and reads find what was written.
KEYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An endpoint's request, ready to be filled in."""

    endpoint: Endpoint
    address: Address
    run: str

    def bytes(self, number: int) -> bytes:
        """The request of that number."""
        endpoint = self.endpoint
        path = _filled(endpoint.path, number, self.run)
        body = _filled(endpoint.body, number, self.run).encode()
        headers = dict(endpoint.headers)
        if endpoint.signature is not None:
            headers |= signed(endpoint.signature, f"lab-{self.run}-{number}", body)
        return request_bytes(self.address, endpoint.method, path, headers, body)


def _filled(text: str, number: int, run: str) -> str:
    return text.replace("{n}", str(number % KEYS)).replace("{run}", run)


class Times(NamedTuple):
    """Of `perf_counter`: when a request was to leave, and when the comparison began."""

    intended: float
    origin: float


class Moments(NamedTuple):
    """Of `perf_counter`: when the generator came to a request, when it left, and when all of its answer was there."""

    began: float
    left: float
    ended: float


async def through(
    pool: Pool, request: bytes, endpoint: Endpoint, *, times: Times, patience: float, in_flight: int
) -> Sample:
    """Sends a request on a connection of the pool; what goes wrong is part of the sample. `patience`: seconds from the
    intended time.
    """
    began = perf_counter()
    opening: Opening | None = None
    answer: Answer | None = None
    error = ""
    try:
        async with asyncio.timeout(max(0.0, times.intended + patience - began)):
            connection, opening = await pool.take()
            left = perf_counter()
            try:
                answer = await connection.exchange(request, head=endpoint.method == "HEAD")
                error = of_status(answer.status, endpoint.expects)
            except BaseException:
                connection.close()
                raise
            finally:
                pool.give_back(connection)
    except Exception as failure:  # noqa: BLE001 - whatever it was is what is measured
        error = kind_of(failure)
        left = began
    ended = answer.ended if answer else perf_counter()
    # A new connection's phases belong to the request that it was made for, and to its service time.
    opened = sum(part or 0.0 for part in opening) if opening else 0.0
    return _sample(
        times, Moments(began, left - opened, ended), opening=opening, answer=answer, error=error, in_flight=in_flight
    )


async def send_one(target: Target, endpoint: Endpoint, *, run: str, number: int = 0, patience: float = 30.0) -> Sample:
    """One request on a connection of its own, now. Nothing raises."""
    sample, _ = await ask(target, endpoint, run=run, number=number, patience=patience)
    return sample


async def ask(
    target: Target, endpoint: Endpoint, *, run: str, number: int = 0, patience: float = 30.0
) -> tuple[Sample, Answer | None]:
    """As `send_one`, with the answer and its body."""
    address = Address.of(target.url)
    request = Template(endpoint=endpoint, address=address, run=run).bytes(number)
    began = perf_counter()
    opening: Opening | None = None
    answer: Answer | None = None
    error = ""
    try:
        async with asyncio.timeout(patience):
            context = ssl.create_default_context() if address.secure else None
            connection, opening = await open_connection(address, context, keep_body=True)
            try:
                answer = await connection.exchange(request, head=endpoint.method == "HEAD")
                error = of_status(answer.status, endpoint.expects)
            finally:
                connection.close()
    except Exception as failure:  # noqa: BLE001 - whatever it was is what is measured
        error = kind_of(failure)
    ended = answer.ended if answer else perf_counter()
    moments = Moments(began, began, ended)
    return _sample(Times(began, began), moments, opening=opening, answer=answer, error=error, in_flight=1), answer


def _sample(
    times: Times,
    moments: Moments,
    *,
    opening: Opening | None,
    answer: Answer | None,
    error: str,
    in_flight: int,
) -> Sample:
    headers = answer.headers if answer else {}
    requests = headers.get(INSTANCE_REQUESTS, "")
    return Sample(
        intended=_micro(times.intended - times.origin),
        late=_micro(max(0.0, moments.began - times.intended)),
        name=phase(opening.name) if opening else -1,
        connect=phase(opening.connect) if opening else -1,
        tls=phase(opening.tls) if opening else -1,
        first_byte=_micro(answer.first_byte - answer.sent) if answer else -1,
        body=_micro(answer.ended - answer.first_byte) if answer else -1,
        service=_micro(moments.ended - moments.left),
        latency=_micro(moments.ended - times.intended),
        status=answer.status if answer else 0,
        error=error,
        instance=headers.get(INSTANCE, "")[:64],
        instance_requests=int(requests) if requests.isascii() and requests.isdigit() and len(requests) < 10 else 0,
        received=answer.received if answer else 0,
        in_flight=in_flight,
    )


def phase(seconds: float | None) -> int:
    """A phase in microseconds, -1 where it did not take place."""
    return -1 if seconds is None else _micro(seconds)


def _micro(seconds: float) -> int:
    return round(seconds * _MICRO)
