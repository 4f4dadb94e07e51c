import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.spec import EVERY_REQUEST, SPEC, AppSpec, Route

OPENAPI: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "app" / "openapi.yaml").read_text())


def test_a_spec_asks_for_nothing_but_requests_by_default() -> None:
    spec = AppSpec(name="a", application="a:b")
    assert spec.routes == (EVERY_REQUEST,)
    names = ("environment", "text_model", "state", "secrets", "schedules", "queues", "streams", "workflows")
    assert not any(getattr(spec, name) for name in names)


def test_a_spec_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        SPEC.name = "b"  # type: ignore[misc]


def test_the_routes_are_those_of_the_contract() -> None:
    described = {
        (method.upper(), path) for path, item in OPENAPI["paths"].items() for method in item if method != "parameters"
    }
    assert {(route.method, route.path) for route in SPEC.routes if not route.is_catch_all} == described


def test_what_is_under_no_route_reaches_the_application() -> None:
    assert SPEC.routes[-1].is_catch_all
    assert not Route(method="GET", path="/").is_catch_all


def test_importing_the_spec_costs_the_program_no_framework() -> None:
    script = "import sys, app.spec; print([name for name in sys.modules if name.startswith(('starlette', 'anyio'))])"
    assert subprocess.check_output([sys.executable, "-c", script], cwd=Path.cwd(), text=True).strip() == "[]"
