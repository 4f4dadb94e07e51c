"""Whether a platform keeps a promise about the p99, cold starts included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.advice.facts import Facts
from lab.advice.seen import Seen
from lab.advice.words import ms, percent
from lab.cost.workload import Workload

_MINUTE_S = 60
TAIL_SHARE = 0.01
"""The part of requests that a p99 leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdShare:
    """The part of requests, 0 to 1, that meet a new instance where it is worst."""

    share: float
    text: str
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """One platform. `needs_ms` is the target from which on it keeps the promise; None where nothing is known of it."""

    platform: str
    needs_ms: float | None
    text: str
    source: str | None

    def keeps(self, target_ms: float) -> bool:
        """Nothing known counts as kept: the rule says so."""
        return self.needs_ms is None or target_ms >= self.needs_ms


def cold_share(workload: Workload, facts: Facts) -> ColdShare:
    """What was measured or given, else the bound that is published; or what the busiest minute makes of it, if more.

    In that minute load rises from its hour's mean to the peak, and while an instance starts, each request that finds
    none free starts one more: at most the part of the minute's requests that rose, for as long as a start takes.
    """
    burst = workload.shape.burst
    rising = (1 - 1 / burst) * min(1.0, (workload.init_ms + workload.wall_ms) / 1000 / _MINUTE_S)
    bound = facts.facts["cold-share-bound"]
    if workload.origin.get("cold_share", "assumed") == "assumed":
        usual = ColdShare(share=bound.value / 100, text=bound.sentence, source=bound.source)
    else:
        usual = ColdShare(
            share=workload.cold_share, text=f"{percent(workload.cold_share)} of requests are cold", source=None
        )
    if rising <= usual.share:
        return usual
    return ColdShare(
        share=rising,
        text=f"as load rises {burst:.3g} times in the busiest minute, up to {percent(rising)} of its requests are cold",
        source=None,
    )


def tail(platform: str, facts: Facts, measured: Sequence[Seen], cold: ColdShare) -> Tail:
    """By what was measured in a cloud, else by what is published."""
    own = next((each for each in measured if each.target == platform and each.decides), None)
    warm = own.p99.high if own is not None and own.p99 is not None else None
    published = [each for each in facts.cold_starts if each.platform == platform]
    start: float | None = None
    text, source = f"nothing is published of cold starts on {platform}", None
    if own is not None and own.cold_ms is not None:
        start, text = own.cold_ms, f"a cold start takes {ms(own.cold_ms)}, as measured"
    elif published:
        best = min(published, key=lambda each: each.mean_ms)
        start, source = best.mean_ms, best.source
        text = f"a cold start takes {best.text.format(value=ms(best.mean_ms))}"
    if cold.share < TAIL_SHARE:
        start, text = None, f"fewer than {percent(TAIL_SHARE)} of requests are cold, so the p99 is a warm one"
    if warm is not None:
        text = f"{text}; warm p99 up to {ms(warm)}, as measured"
    known = [value for value in (start, warm) if value is not None]
    return Tail(platform=platform, needs_ms=max(known, default=None), text=text, source=source)
