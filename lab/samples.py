"""The raw samples: one row a request, from which every latency figure can be computed again."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """One request. Times are microseconds; -1 where a phase did not take place (a kept-alive connection, an error).

    `latency` counts from the time at which the request was to leave, whatever held it up: a stalled target or a busy
    generator cannot hide (no coordinated omission, https://www.youtube.com/watch?v=lJ8ydIuPFeU). `late` is how much of
    it passed before the generator came to the request, `service` what it took once it had a connection to leave on; the
    rest it waited for one.
    """

    intended: int
    """Since the comparison's start."""
    late: int
    name: int
    """Name resolution."""
    connect: int
    tls: int
    first_byte: int
    """From the request's last byte sent to the answer's first."""
    body: int
    """From the answer's first byte to its last."""
    service: int
    """From the request's leaving (connection phases included) to the answer's last byte."""
    latency: int
    status: int
    """0 where no answer came."""
    error: str
    """Empty, or its kind: see lab/load/outcome.py."""
    instance: str
    """The answer's `x-instance`; empty where there is none."""
    instance_requests: int
    """The answer's `x-instance-requests`: 1 is a cold start; 0 where there is none."""
    received: int
    """Bytes of the body."""
    in_flight: int
    """Requests under way to this target when this one left, itself included."""


class Opened(NamedTuple):
    """A connection that was made before a round, for its requests. Microseconds; -1 for a phase that was not."""

    name: int
    connect: int
    tls: int


class Round(NamedTuple):
    """One stretch of load: what was sent to whom, and what came of it. `started` is in microseconds since the
    comparison's start, `number` counts the rounds of the same target, endpoint and level from 0.
    """

    target: str
    endpoint: str
    level: str
    number: int
    started: int
    samples: tuple[Sample, ...]
    opened: tuple[Opened, ...] = ()
