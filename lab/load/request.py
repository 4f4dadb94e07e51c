"""One request, measured."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from lab.load.address import Address
from lab.load.connection import Answer, Connection, Opening
from lab.load.opening import open_connection
from lab.load.outcome import ClosedError, UnsentError, kind_of, of_status
from lab.load.pool import Pool
from lab.load.template import Template
from lab.samples import Sample
from lab.scenario import Endpoint
from lab.targets import Target

INSTANCE, INSTANCE_REQUESTS = "x-instance", "x-instance-requests"
_MICRO = 1_000_000
# RFC 9110, 9.2.2: what may be sent again by itself where a connection ended without an answer.
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class _Exchange:
    """A request under way. Times are of `perf_counter`: until when it may take, when it was to leave, when
    the generator came to it, when it left. `opened` are seconds of opening a connection on its behalf.
    """

    request: bytes
    endpoint: Endpoint
    deadline: float
    intended: float
    began: float
    left: float
    opened: float = 0.0
    opening: Opening | None = None
    answer: Answer | None = None
    error: str = ""

    async def over(self, connection: Connection) -> Answer:
        """The answer. Raises what `Connection.exchange` raises."""
        left = self.deadline - perf_counter()
        return await connection.exchange(self.request, head=self.endpoint.method == "HEAD", patience=left)

    def sample(self, origin: float, in_flight: int) -> Sample:
        """What came of it, at its end. `origin` is the comparison's start."""
        answer, opening = self.answer, self.opening
        ended = answer.ended if answer else perf_counter()
        headers = answer.headers if answer else {}
        requests = headers.get(INSTANCE_REQUESTS, "")
        return Sample(
            intended=_micro(self.intended - origin),
            late=_micro(max(0.0, self.began - self.intended)),
            name=phase(opening.name) if opening else -1,
            connect=phase(opening.connect) if opening else -1,
            tls=phase(opening.tls) if opening else -1,
            first_byte=_micro(answer.first_byte - answer.sent) if answer else -1,
            body=_micro(answer.ended - answer.first_byte) if answer else -1,
            service=_micro(ended - self.left + self.opened),
            latency=_micro(ended - self.intended),
            status=answer.status if answer else 0,
            error=self.error,
            instance=headers.get(INSTANCE, "")[:64],
            instance_requests=int(requests) if requests.isascii() and requests.isdigit() and len(requests) < 10 else 0,
            received=answer.received if answer else 0,
            in_flight=in_flight,
        )


async def through(
    pool: Pool, request: bytes, endpoint: Endpoint, *, intended: float, origin: float, patience: float, in_flight: int
) -> Sample:
    """Sends a request on a connection of the pool; what goes wrong is part of the sample. `patience`: seconds from the
    intended time.
    """
    began = perf_counter()
    mine = _Exchange(request, endpoint, intended + patience, intended, began, began)
    try:
        connection, mine.opening = await pool.take(mine.deadline - began)
        mine.left = perf_counter()
        if mine.opening is not None:
            mine.opened = sum(part or 0.0 for part in mine.opening)
        await _exchanged(mine, pool, connection)
    except Exception as failure:  # noqa: BLE001 - whatever it was is what is measured
        mine.error = kind_of(failure)
    return mine.sample(origin, in_flight)


async def _exchanged(mine: _Exchange, pool: Pool, connection: Connection) -> None:
    kept_alive = mine.opening is None
    try:
        try:
            mine.answer = await mine.over(connection)
        except (ClosedError, ConnectionError) as failure:
            # The target may have closed a connection that it kept alive in the moment in which it was used again. Once
            # more, on a new one, as the latency goes on counting; but never what may have been done already.
            if not kept_alive or not (isinstance(failure, UnsentError) or mine.endpoint.method in _IDEMPOTENT):
                raise
            connection, mine.opening = await pool.replace(connection, mine.deadline - perf_counter())
            mine.answer = await mine.over(connection)
        mine.error = of_status(mine.answer.status, mine.endpoint.expects)
    finally:
        if mine.answer is None:
            connection.close()
        pool.give_back(connection)


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
    context = ssl.create_default_context() if address.secure else None
    began = perf_counter()
    mine = _Exchange(request, endpoint, began + patience, began, began, began)
    try:
        connection, mine.opening = await open_connection(address, context, patience=patience, keep_body=True)
        try:
            mine.answer = await mine.over(connection)
            mine.error = of_status(mine.answer.status, endpoint.expects)
        finally:
            connection.close()
    except Exception as failure:  # noqa: BLE001 - whatever it was is what is measured
        mine.error = kind_of(failure)
    return mine.sample(began, 1), mine.answer


def phase(seconds: float | None) -> int:
    """A phase in microseconds, -1 where it did not take place."""
    return -1 if seconds is None else _micro(seconds)


def _micro(seconds: float) -> int:
    return round(seconds * _MICRO)
