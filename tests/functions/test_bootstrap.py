from pathlib import Path

import pytest

from app.api import app
from app.ports import SCOPE_KEY, Ports
from functions import bootstrap
from functions.bootstrap import LambdaPorts, load_application
from functions.errors import ApplicationNotFoundError


def test_the_application_is_found_by_its_name() -> None:
    assert load_application({"PARALLAX_APPLICATION": "app.api:app"}) is app


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (None, "set it to module:attribute"),
        ("app.api", "set it to module:attribute"),
        (":app", "set it to module:attribute"),
        ("app.absent:app", "is not in the package"),
        ("absent.api:app", "is not in the package"),
        ("app.api:absent", "has no ASGI application 'absent'"),
        ("app.ports:SCOPE_KEY", "has no ASGI application 'SCOPE_KEY'"),
    ],
)
def test_a_name_of_nothing_says_what_to_change(name: str | None, reason: str) -> None:
    with pytest.raises(ApplicationNotFoundError, match=reason) as raised:
        load_application({} if name is None else {"PARALLAX_APPLICATION": name})
    assert str(raised.value).startswith("application_not_found: ")
    assert "PARALLAX_APPLICATION" in str(raised.value)


def test_an_error_inside_the_application_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "application_with_a_gap.py").write_text("import a_dependency_left_out\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_dependency_left_out"):
        load_application({"PARALLAX_APPLICATION": "application_with_a_gap:app"})


def test_the_adapters_fit_the_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", "7")
    ports: Ports = LambdaPorts()
    assert bootstrap.SCOPE_KEY == SCOPE_KEY
    assert (ports.platform.cloud, ports.platform.region, ports.platform.version) == ("aws", "eu-central-1", "7")
    assert len(bytes.fromhex(ports.platform.instance)) == 8
    assert ports.platform.instance == ports.platform.instance != LambdaPorts().platform.instance


def test_nothing_of_an_instance_is_known_before_its_first_request() -> None:
    """Neither variables nor randomness: this runs before SnapStart's snapshot."""
    ports = LambdaPorts()
    assert vars(ports.platform) == {}
