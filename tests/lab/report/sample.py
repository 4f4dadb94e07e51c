"""Reports as comparisons make them, with figures of a likely size; the same ones each time."""

import datetime
import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lab.advice.finding import Advice
from lab.estimate import Estimate, Quantile
from lab.latency import Cell, ColdStarts, Difference, Knee, Latency, Moment, Phase, Step, TargetState
from lab.matrix import read_matrix
from lab.report.model import Method, Report
from tests.lab.report.sample_cost import cost
from tests.lab.report.sample_lockin import lockin

ENDPOINTS = {"root": 1.0, "echo": 1.15, "item-write": 2.6}
LEVELS = (("10/s on 4", 10.0), ("50/s on 16", 50.0))
_QS = (0.5, 0.9, 0.99, 0.999)
_POINTS = (0.0, *(1 - 10 ** (-step / 16) for step in range(1, 49)))


@dataclass(frozen=True)
class Shape:
    """How a target answers: median and spread of a lognormal, in milliseconds."""

    median: float
    spread: float
    cold: float
    knee: float


SHAPES = {
    "aws": Shape(6.4, 0.34, 105, 210),
    "cloudflare": Shape(4.1, 0.55, 260, 380),
    "edge": Shape(9.2, 0.25, 30, 120),
}


def full() -> Report:
    """Two emulated targets, all parts there, nothing wrong."""
    return _report(("aws", "cloudflare"))


def three() -> Report:
    """Three emulated clouds."""
    return _report(("aws", "cloudflare", "edge"))


def mixed() -> Report:
    """Two emulators, and a cloud that is real."""
    report = three()
    assert report.latency is not None
    targets = tuple(
        replace(each, origin="cloud", url="https://edge.example") if each.name == "edge" else each
        for each in report.latency.targets
    )
    return replace(report, latency=replace(report.latency, targets=targets))


def partial() -> Report:
    """Interrupted, with one target that answers garbage and cold starts that did not come."""
    report = full()
    assert report.latency is not None
    latency = report.latency
    targets = (
        latency.targets[0],
        replace(latency.targets[1], state="failing", problems=("17 of 40 answers to echo were cut off mid-body.",)),
    )
    cells = tuple(
        replace(each, errors={"cut-off": 17}, error_rate=Estimate(value=0.425, low=0.28, high=0.58), warm=0,
                quantiles=tuple(replace(quantile, estimate=None) for quantile in each.quantiles),
                distribution=(), phases=())
        if each.target == "cloudflare" else each
        for each in latency.cells[:3]
    )  # fmt: skip
    cold = replace(latency.cold_starts[0], values=(), quantiles=(), problem="The function could not be changed.")
    latency = replace(latency, targets=targets, cells=cells, differences=(), knees=(), cold_starts=(cold,))
    return replace(
        report,
        partial="Interrupted with Ctrl-C after 41 of 180 s.",
        latency=latency,
        lockin=None,
        cost=None,
        advice=(),
    )


def down() -> Report:
    """No target answered: no cell, and nothing else but the matrix."""
    report = full()
    assert report.latency is not None
    targets = tuple(
        replace(each, state="down", cloud=None, region=None, version=None, problems=("Connection refused.",))
        for each in report.latency.targets
    )
    latency = Latency(targets=targets, cells=(), differences=(), knees=(), cold_starts=())
    return replace(report, partial="No target could be measured.", latency=latency, cost=None, lockin=None, advice=())


def slower(report: Report, target: str, factor: float) -> Report:
    """`report` with all quantiles of one target `factor` times as high."""
    assert report.latency is not None

    def scaled(quantile: Quantile) -> Quantile:
        estimate = quantile.estimate
        if estimate is None:
            return quantile
        return replace(
            quantile,
            estimate=Estimate(value=estimate.value * factor, low=estimate.low * factor, high=estimate.high * factor),
        )

    cells = tuple(
        replace(cell, quantiles=tuple(map(scaled, cell.quantiles))) if cell.target == target else cell
        for cell in report.latency.cells
    )
    return replace(report, latency=replace(report.latency, cells=cells))


def _report(names: tuple[str, ...]) -> Report:
    return Report(
        schema="parallax-report/1",
        title="Parallax, stack dev",
        partial=None,
        method=Method(
            command="python -m lab compare " + " ".join(f"--url {name}=http://127.0.0.1/{name}" for name in names),
            lab="0.1.0",
            python="3.11.7",
            machine="Linux 6.1, x86_64, 2 processors, 24 GiB",
            started=datetime.datetime(2026, 11, 28, 9, 30, tzinfo=datetime.UTC),
            seconds=171.4,
            seed=20261128,
            requests=18_240,
            notes=("Generator and targets share one machine.",),
        ),
        latency=_latency(names),
        cost=cost(names),
        lockin=lockin(names),
        matrix=read_matrix(),
        advice=_advice(),
    )


def _latency(names: tuple[str, ...]) -> Latency:
    cells = tuple(
        _cell(name, endpoint, scale, level, rate)
        for endpoint, scale in ENDPOINTS.items()
        for level, rate in LEVELS
        for name in names
    )
    return Latency(
        targets=tuple(
            TargetState(
                name=name,
                url=f"http://127.0.0.1:4566/{name}/execute-api/g2nrd3szh5",
                origin="emulator",
                state="ok",
                problems=(),
                cloud=name,
                region="us-east-1",
                version="7",
            )
            for name in names
        ),
        cells=cells,
        differences=tuple(itertools.chain.from_iterable(_differences(cells, *pair) for pair in _pairs(names))),
        knees=tuple(_knee(name) for name in names),
        cold_starts=tuple(_cold(name) for name in names),
    )


def _pairs(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return itertools.combinations(names, 2)


def _at(shape: Shape, scale: float, q: float) -> float:
    q = min(max(q, 0.0004), 0.99995)
    # Normal quantile by its logistic approximation: good to 1 %, and enough for a sample.
    return shape.median * scale * math.exp(shape.spread * 0.5513 * math.log(q / (1 - q)) * (1 + 0.6 * q**8))


def _estimate(value: float, width: float) -> Estimate:
    return Estimate(value=value, low=value * (1 - width), high=value * (1 + width * 1.2))


def _cell(name: str, endpoint: str, scale: float, level: str, rate: float) -> Cell:
    shape = SHAPES[name]
    # Nobody is faster at the tail of item-write: the two meet there.
    if endpoint == "item-write":
        shape = replace(shape, median=7.0 + 0.02 * len(name), spread=0.4)
    load = scale * (1 + rate / 400)
    chance = random.Random(f"{name} {endpoint} {level}")
    warm = int(rate * 30)
    width = {0.5: 0.02, 0.9: 0.035, 0.99: 0.11, 0.999: 0.3}
    return Cell(
        target=name,
        endpoint=endpoint,
        level=level,
        rounds=6,
        samples=warm + 2,
        warm=warm,
        cold=2,
        quantiles=tuple(
            Quantile(
                q=q,
                estimate=_estimate(_at(shape, load, q), width[q]) if warm * (1 - q) >= 1 else None,
                needs=round(10 / (1 - q)),
            )
            for q in _QS
        ),
        errors={},
        error_rate=Estimate(value=0, low=0, high=3 / (warm + 2)),
        offered=rate,
        achieved=rate - 0.02,
        in_flight=rate * shape.median * load / 1000,
        late_p99=0.21,
        phases=tuple(
            Phase(name=phase, samples=samples, p50=p50, p99=p50 * 3)
            for phase, samples, p50 in (
                ("connect", 16, 0.12),
                ("first byte", warm, _at(shape, load, 0.5) * 0.94),
                ("body", warm, 0.04),
            )
        ),
        distribution=tuple((q, _at(shape, load, q)) for q in _POINTS if q <= 1 - 1 / warm),
        timeline=tuple(
            _moment(chance, shape, load, round_ * 10 + step, int(rate)) for round_ in range(6) for step in range(5)
        ),
    )


def _moment(chance: random.Random, shape: Shape, load: float, second: int, count: int) -> Moment:
    values = sorted(_at(shape, load, chance.random()) for _ in range(count))
    return Moment(second=float(second), samples=count, p50=values[count // 2], maximum=values[-1], errors=0)


def _differences(cells: tuple[Cell, ...], first: str, second: str) -> list[Difference]:
    by_place = {(cell.target, cell.endpoint, cell.level): cell for cell in cells}
    found = []
    for endpoint, (level, _), index in itertools.product(ENDPOINTS, LEVELS, range(len(_QS))):
        one = by_place[first, endpoint, level].quantiles[index].estimate
        two = by_place[second, endpoint, level].quantiles[index].estimate
        if one is None or two is None:
            continue
        value = two.value - one.value
        difference = Estimate(
            value=value,
            low=value - math.hypot(two.value - two.low, one.high - one.value),
            high=value + math.hypot(two.high - two.value, one.value - one.low),
        )
        ratio = Estimate(
            value=two.value / one.value,
            low=1 + difference.low / one.value,
            high=1 + difference.high / one.value,
        )
        found.append(
            Difference(
                endpoint=endpoint,
                level=level,
                first=first,
                second=second,
                q=_QS[index],
                difference=difference,
                ratio=ratio,
                shown=not difference.low <= 0 <= difference.high,
            )
        )
    return found


def _knee(name: str) -> Knee:
    shape = SHAPES[name]
    steps = []
    for offered in (25.0, 50.0, 100.0, 200.0, 400.0):
        busy = min(offered / shape.knee, 0.98)
        steps.append(
            Step(
                offered=offered,
                achieved=min(offered, shape.knee),
                p50=shape.median / (1 - busy) ** 0.5,
                p99=4 * shape.median / (1 - busy),
                errors=0,
            )
        )
        if offered > shape.knee:
            break
    kept = [step.offered for step in steps if step.achieved >= step.offered * 0.99]
    return Knee(
        target=name,
        endpoint="echo",
        steps=tuple(steps),
        rate=kept[-1],
        ended="It fell behind." if steps[-1].offered > shape.knee else "The cap of the rate was reached.",
    )


def _cold(name: str) -> ColdStarts:
    shape = SHAPES[name]
    chance = random.Random(name)
    values = tuple(sorted(shape.cold * math.exp(chance.gauss(0, 0.18)) for _ in range(20)))
    return ColdStarts(
        target=name,
        method="new-version",
        description="A new version is deployed; the first request to it is timed.",
        asked=20,
        values=values,
        quantiles=(
            Quantile(q=0.5, estimate=_estimate(values[10], 0.08), needs=20),
            Quantile(q=0.9, estimate=_estimate(values[17], 0.15), needs=20),
        ),
        warm_p50=shape.median,
    )


def _advice() -> tuple[Advice, ...]:
    sources: Mapping[str, tuple[str, ...]] = {
        "lambda": ("https://docs.aws.amazon.com/lambda/latest/dg/welcome.html",),
        "workers": ("https://developers.cloudflare.com/workers/",),
    }
    return (
        Advice(
            rule="api-and-webhooks",
            when="An API or webhooks, with no need of the others",
            applies=True,
            choose="Lambda or Workers; Workers where latency matters",
            because=("1,000,000 requests a month are 0.39 a second on average.", "No request computes over 30 s."),
            changes="Over 68,000,000 requests a month Fargate is the cheaper one.",
            sources=sources["workers"],
        ),
        Advice(
            rule="steady-high-rate",
            when="A steady high rate",
            applies=False,
            choose="EC2 or Fargate",
            because=("1,000,000 requests a month are below the break-even of 68,000,000.",),
            changes="Sixty-eight times the requests.",
            sources=sources["lambda"],
        ),
    )
