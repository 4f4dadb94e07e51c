"""A report as JSON: nothing is lost, nothing foreign is taken, and the published schema says what it holds."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from lab.errors import InvalidResultsError
from lab.report.codec import from_json, schema, to_json
from lab.report.model import Report
from tests.lab.report import sample

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"


@pytest.mark.parametrize("make", [sample.full, sample.partial, sample.three, sample.down])
def test_what_was_written_is_read_and_follows_the_published_schema(make: Callable[[], Report]) -> None:
    text = to_json(make())
    assert from_json(text.encode(), "report.json") == make()
    jsonschema_rs.validate(json.loads(PUBLISHED.read_text()), json.loads(text))


def test_the_published_schema_is_that_of_the_types() -> None:
    made = json.dumps(schema(), indent=1) + "\n"
    assert PUBLISHED.read_text() == made, "write lab.report.codec.schema() to docs/report.schema.json"


def _misspelt(content: dict[str, Any]) -> None:
    content["latency"]["cells"][0]["p50"] = 3


def _lost(content: dict[str, Any]) -> None:
    del content["latency"]["cells"][0]["quantiles"][0]["estimate"]["low"]


def _text_for_number(content: dict[str, Any]) -> None:
    content["method"]["seed"] = "1"


def _next_version(content: dict[str, Any]) -> None:
    content["schema"] = "parallax-report/2"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_misspelt, "latency.cells.0.p50: Unexpected"),
        (_lost, "latency.cells.0.quantiles.0.estimate.low: Field required"),
        (_text_for_number, "method.seed: Input should be a valid integer"),
        (_next_version, "schema 'parallax-report/2'; this lab reads 'parallax-report/1': take the lab that wrote it"),
    ],
)
def test_what_is_not_such_a_report_is_refused_by_its_place(spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    content = json.loads(to_json(sample.full()))
    spoil(content)
    with pytest.raises(InvalidResultsError, match=r"old/report\.json") as caught:
        from_json(json.dumps(content).encode(), "old/report.json")
    assert said in str(caught.value)
    assert not jsonschema_rs.is_valid(schema(), content)


@pytest.mark.parametrize("text", [b"", b"[]", b'{"schema": "parallax-rep', b"\xff\xfe", b'"parallax-report/1"'])
def test_other_files_are_refused(text: bytes) -> None:
    with pytest.raises(InvalidResultsError, match=r"x\.json (is no JSON|says schema None)"):
        from_json(text, "x.json")


def test_a_figure_that_is_no_number_is_refused_by_its_place() -> None:
    report = sample.full()
    report = replace(report, method=replace(report.method, seconds=float("nan")))
    with pytest.raises(InvalidResultsError, match=r"report\.method\.seconds"):
        to_json(report)
