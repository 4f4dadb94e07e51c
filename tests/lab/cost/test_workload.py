"""Workloads: where their figures come from, and which cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.cost.layers import Layer, together
from lab.cost.shape import SHAPES, Shape
from lab.cost.workload import FIGURES, Workload
from lab.cost.workload_file import WORKLOADS, read_workload
from lab.errors import InvalidWorkloadError


def test_what_is_given_counts_for_more_than_what_was_measured_and_that_for_more_than_what_is_assumed() -> None:
    found = together(
        [
            Layer(origin="assumed", figures={"wall_ms": 1, "cpu_ms": 1, "init_ms": 1}),
            Layer(origin="measured", figures={"cpu_ms": 2}, by_platform={"aws": {"wall_ms": 2, "init_ms": 2}}),
            Layer(origin="given", figures={"init_ms": 3}),
        ]
    )

    aws, other = found.on("aws"), found.on("cloudflare")
    assert (aws.wall_ms, aws.cpu_ms, aws.init_ms) == (2, 2, 3)
    assert (other.wall_ms, other.cpu_ms, other.init_ms) == (1, 2, 3)
    origins = found.origins()
    assert [origins[name] for name in ("wall_ms", "aws.wall_ms", "cpu_ms", "init_ms", "memory_mb")] == [
        "assumed",
        "measured",
        "measured",
        "given",
        "assumed",
    ]
    assert "aws.init_ms" not in found.figures()


def test_more_requests_bring_more_of_what_they_cause_and_no_more_of_the_rest() -> None:
    workload = Workload(requests=100, messages=10, records=20, workflow_runs=30, stored_gb=40, ticks=50, secrets=6)

    found = workload.scaled(200)

    assert (found.messages, found.records, found.workflow_runs, found.stored_gb) == (20, 40, 60, 80)
    assert (found.ticks, found.secrets, found.reads) == (50, 6, workload.reads)


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"requests": -1}, "requests is -1"),
        ({"wall_ms": float("nan")}, "wall_ms is nan"),
        ({"cold_share": 1.5}, "cold_share is 1.5; it is a share, 0 to 1"),
        ({"message_batch": 0}, "message_batch is 0; the least is 1"),
        ({"by_platform": {"aws": {"memory": 1}}}, "unknown figure 'memory'; valid: requests"),
        ({"by_platform": {"aws": {"cold_share": 2}}}, "aws.cold_share is 2"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(figures: dict[str, float], says: str) -> None:
    with pytest.raises(InvalidWorkloadError, match=says):
        Workload(**figures)  # type: ignore[arg-type]


@pytest.mark.parametrize(("hours", "burst"), [((1,) * 23, 1), ((0,) * 24, 1), ((-1,) + (1,) * 23, 1), ((1,) * 24, 0.5)])
def test_a_day_that_cannot_be_is_refused(hours: tuple[float, ...], burst: float) -> None:
    with pytest.raises(InvalidWorkloadError):
        Shape(name="odd", hours=hours, burst=burst)


def test_a_file_s_figures_are_given_and_a_day_may_be_its_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        "requests = 7\noptions = ['x86']\nnot_deployed = ['queue']\n"
        f"[shape]\nname = 'ours'\nhours = {[1] * 23 + [25]}\nburst = 2\n[platform.aws]\nmemory_mb = 1_024\n"
    )

    found = together([read_workload(str(path))])

    assert (found.requests, found.options, found.not_deployed) == (7, ("x86",), ("queue",))
    assert (found.shape.name, found.shape.peak) == ("ours", 25.0)
    assert found.on("aws").memory_mb == 1_024
    assert found.origins()["requests"] == found.origins()["shape"] == "given"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("request = 1", "unknown figure request; valid: requests, wall_ms"),
        ("shape = 'round'", "no shape 'round'; valid: flat, business, spiky"),
        ("shape = 3", r"or \[shape\] with name, hours \(24 weights\) and burst"),
        ("options = 'x86'", "options is 'x86'; it is a list of texts"),
        ("platform = 3", "under .platform.NAME."),
        ("[platform.aws]\nmem = 1", "no figure 'mem'; valid: requests"),
        ("requests = 'many'", "requests is 'many'"),
        ("requests = ", "is no TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_what_would_be_right(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)

    with pytest.raises(InvalidWorkloadError, match=says):
        together([read_workload(str(path))])


def test_a_workload_that_is_not_there_lists_the_lab_s_own() -> None:
    with pytest.raises(InvalidWorkloadError, match="give a TOML file, or one of parallax"):
        read_workload("nobody")


@pytest.mark.parametrize("path", sorted(WORKLOADS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_lab_s_own_workloads_are_read_as_assumed(path: Path) -> None:
    found = together([read_workload(path.stem)])

    assert set(found.origins().values()) == {"assumed"}
    assert found.requests > 0


def test_every_figure_says_what_it_is() -> None:
    assert all(figure.meaning and figure.default >= 0 for figure in FIGURES.values())
    assert SHAPES["flat"].peak < SHAPES["business"].peak < SHAPES["spiky"].peak
