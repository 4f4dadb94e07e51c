"""The section on lock-in: what leaving each cloud would take."""

from __future__ import annotations

from dataclasses import dataclass

from lab.lockin.findings import Cloud, LockIn
from lab.report.words import one, times


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudView:
    """One cloud in figures. `share` is 0 to 100, None where there is no code."""

    name: str
    share: float | None
    share_text: str
    lines: str
    resources: str
    unmatched: str
    cloud: Cloud


def cloud_views(lockin: LockIn) -> tuple[CloudView, ...]:
    """In the analysis's order."""
    return tuple(_view(cloud) for cloud in lockin.clouds)


def _view(cloud: Cloud) -> CloudView:
    resources = [each for capability in cloud.capabilities for each in capability.resources]
    return CloudView(
        name=cloud.name,
        share=100 * cloud.portable_share if cloud.portable_share is not None else None,
        share_text=one(cloud.portable_share, "share") if cloud.portable_share is not None else "no code to count",
        lines=times(cloud.own_lines, "line"),
        resources=times(len(resources), "resource"),
        unmatched=f"{sum(each.counterpart is None for each in resources):,} without a counterpart",
        cloud=cloud,
    )
