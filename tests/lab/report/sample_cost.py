"""The cost part of the sample reports."""

import datetime

from lab.cost.bill import Bill, BreakEven, Cost, Curve, Line

_SOURCE = "https://aws.amazon.com/lambda/pricing/"
_REQUESTS = 1_000_000.0


def cost(names: tuple[str, ...]) -> Cost:
    """Bills that differ, one doubted price, a line that is not deployed yet, and a break-even point."""
    slopes = dict(zip(names, (1.45e-6, 0.9e-6, 2.1e-6), strict=False))
    fixed = dict(zip(names, (0.9, 5.0, 0.0), strict=False))
    bills = (*(_bill(name, fixed[name], slopes[name]) for name in names), _always_on())
    return Cost(
        workload={"requests": _REQUESTS, "body_kb": 2.0, "cpu_ms": 3.1, "shape": "office hours", "free_tier": False},
        origin={
            "requests": "given",
            "body_kb": "measured",
            "cpu_ms": "measured",
            "shape": "assumed",
            "free_tier": "given",
        },
        bills=bills,
        curves=tuple(
            Curve(
                platform=bill.platform,
                points=tuple(
                    (10 ** (4 + step / 10), _total(bill.platform, 10 ** (4 + step / 10), fixed, slopes))
                    for step in range(51)
                ),
            )
            for bill in bills
        ),
        break_even=(
            BreakEven(
                below=names[0],
                above=names[1],
                requests=7_454_545.0,
                note=f"{names[0]} is cheaper below 7.45 M requests a month.",
            ),
            BreakEven(below=names[0], above="fargate", requests=28_620_690.0, note=""),
            BreakEven(below=names[1], above="fargate", requests=41_555_556.0, note=""),
        ),
        notes=("No traffic leaves to other regions.",),
    )


def _total(platform: str, requests: float, fixed: dict[str, float], slopes: dict[str, float]) -> float:
    return fixed.get(platform, 42.4) + requests * slopes.get(platform, 0.0)


def _line(capability: str, dimension: str, quantity: float, unit: str, amount: float, *, doubt: str | None) -> Line:
    return Line(
        capability=capability,
        dimension=dimension,
        quantity=quantity,
        included=0,
        unit=unit,
        price="0.20 per 1 M",
        amount=amount,
        source=_SOURCE,
        date=datetime.date(2026, 11, 20) if doubt is None else None,
        doubt=doubt,
    )


def _bill(name: str, fixed: float, slope: float) -> Bill:
    total = fixed + slope * _REQUESTS
    return Bill(
        platform=name,
        title=f"{name}, serverless",
        kind="serverless",
        region="us-east-1",
        lines=(
            _line("http_api", "requests", _REQUESTS, "requests", slope * _REQUESTS * 0.6, doubt=None),
            _line("http_api", "compute", 125_000, "GB-s", slope * _REQUESTS * 0.4, doubt=None),
            _line("state", "storage", 2, "GB-month", fixed, doubt="The vendor's page could not be read."),
            Line(
                capability="queue",
                dimension="messages",
                quantity=300_000,
                included=0,
                unit="messages",
                price="0.40 per 1 M",
                amount=0.0,
                source=_SOURCE,
                date=datetime.date(2026, 11, 20),
                doubt=None,
                deployed=False,
            ),
        ),
        total=total,
        assumptions=("Each request is billed for its mean duration.",),
    )


def _always_on() -> Bill:
    return Bill(
        platform="fargate",
        title="Fargate with a load balancer",
        kind="always-on",
        region="us-east-1",
        lines=(
            _line("http_api", "processors", 730, "vCPU-h", 26.0, doubt=None),
            _line("http_api", "load balancer", 730, "h", 16.4, doubt=None),
        ),
        total=42.4,
        assumptions=("Two tasks of a quarter of a processor each.",),
    )
