"""What was measured: a cloud's figures decide, an emulator's are shown and decide nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from lab.advice.finding import Advice
from lab.latency import Latency
from tests.lab.advice.known import advised, workload
from tests.lab.report import sample

BOTH = ("aws", "cloudflare")
COLD = workload(cold_share=0.05)


def measured(origin: Literal["emulator", "cloud"], *, cold_ms: float) -> Latency:
    latency = sample.full().latency
    assert latency is not None
    return replace(
        latency,
        targets=tuple(replace(each, origin=origin) for each in latency.targets),
        cold_starts=tuple(replace(each, values=(cold_ms,) * 20) for each in latency.cold_starts),
    )


def strict(target_ms: float, latency: Latency | None = None) -> Advice:
    return advised(COLD, {"p99_ms": target_ms}, BOTH, latency)["strict-p99"]


def test_an_emulator_s_figures_are_shown_and_decide_nothing() -> None:
    fast = strict(300, measured("emulator", cold_ms=5))
    slow = strict(2000, measured("emulator", cold_ms=60_000))

    assert (fast.applies, slow.applies) == (strict(300).applies, strict(2000).applies) == (True, False)
    assert "(emulator)" in " ".join(fast.because)
    assert "cold starts 5 ms in the median of" in " ".join(fast.because)
    assert "an emulator's figures decide nothing here." in " ".join(fast.because)


def test_a_cloud_s_cold_starts_decide_in_place_of_published_ones() -> None:
    assert not strict(300, measured("cloud", cold_ms=100)).applies
    slow = strict(2000, measured("cloud", cold_ms=60_000))
    assert slow.applies
    assert "Lambda: a cold start takes 60,000 ms, as measured" in " ".join(slow.because)
    assert "(cloud)" in " ".join(slow.because)


def test_a_cloud_s_warm_p99_decides_where_no_request_is_cold() -> None:
    warm = workload(cold_share=0.001)
    latency = measured("cloud", cold_ms=60_000)
    worst = max(
        quantile.estimate.high
        for cell in latency.cells
        for quantile in cell.quantiles
        if quantile.q == 0.99 and quantile.estimate is not None
    )

    kept = advised(warm, {"p99_ms": worst + 1}, BOTH, latency)["strict-p99"]
    missed = advised(warm, {"p99_ms": 1}, BOTH, latency)["strict-p99"]

    assert (kept.applies, missed.applies) == (False, True)
    assert "fewer than 1 % of requests are cold" in " ".join(missed.because)


def test_a_target_that_was_down_says_nothing() -> None:
    latency = measured("cloud", cold_ms=60_000)
    down = replace(latency, targets=tuple(replace(each, state="down") for each in latency.targets))

    assert strict(2000, down) == strict(2000)
