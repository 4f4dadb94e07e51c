"""The program: short, without a branch for a cloud, and it loads only the chosen cloud's SDK."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import targets
from components.errors import CapabilityMissingError, RequirementsUnresolvedError
from tests.components.conftest import Recorder, current_loop, declared, recorder

__all__ = ["current_loop", "declared", "recorder"]

ROOT = Path(__file__).resolve().parents[1]
FALCON = ROOT / "tests" / "applications" / "falcon_app"

_LOADED = """
import sys
from components import target
target({cloud!r})
print(*sorted({{"pulumi_aws", "pulumi_cloudflare"}} & sys.modules.keys()))
"""
_NO_PACKAGES = {"requirements": ""}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program, so that what it builds does not lie in the repository; no packages, for no network."""
    shutil.copy2(ROOT / "__main__.py", tmp_path)
    for part in ("app", "functions", "workers"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "workers" / "requirements.txt").unlink()
    return tmp_path / "__main__.py"


def run(program: Path, declared: Mapping[str, Any], **config: str) -> None:
    """Runs the program as the engine does, with the declared defaults and these values."""
    given = {name: key["default"] for name, key in declared.items()} | {
        "cloudflareAccountId": "a" * 32,
        "workersDevUrl": "https://{script}.acme.workers.dev",
        **({} if "application" in config else {"webhookKeys": "whsec_MARKER"}),
        **config,
    }
    texts = {f"parallax:{name}": v if isinstance(v, str) else json.dumps(v) for name, v in given.items()}
    pulumi.runtime.set_all_config({**texts, "aws:region": "us-east-1"}, ["parallax:webhookKeys"])

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK leaves it without types
    def body() -> None:
        runpy.run_path(str(program), run_name="__main__")

    body()


def test_the_program_is_short_and_names_no_cloud() -> None:
    program = (ROOT / "__main__.py").read_text()
    assert len(program.splitlines()) <= 60
    assert "\nif " not in program
    assert "if aws" not in program


@pytest.mark.parametrize(("cloud", "sdk"), [("aws", "pulumi_aws"), ("cloudflare", "pulumi_cloudflare")])
def test_only_the_chosen_clouds_sdk_is_loaded(cloud: str, sdk: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(cloud=cloud)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [sdk]


@pytest.mark.parametrize(
    ("target", "clouds"), [("aws", {"aws"}), ("cloudflare", {"cloudflare"}), ("both", {"aws", "cloudflare"})]
)
def test_a_target_is_what_comes(
    recorder: Recorder, program: Path, declared: Mapping[str, Any], target: str, clouds: set[str]
) -> None:
    exported: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pulumi, "export", exported.__setitem__)
        run(program, declared, target=target, **_NO_PACKAGES)
    assert {resource.type.split(":")[0] for resource in recorder.resources} == clouds | {"parallax"}
    assert {name.partition("_")[0] for name in exported} == clouds
    assert {f"{cloud}_url" for cloud in clouds} <= exported.keys()
    assert len(recorder.of("parallax:aws:HttpApi")) == ("aws" in clouds)
    assert len(recorder.of("cloudflare:index/workersScript:WorkersScript")) == ("cloudflare" in clouds)


def test_both_clouds_get_the_same_application(recorder: Recorder, program: Path, declared: Mapping[str, Any]) -> None:
    run(program, declared, **_NO_PACKAGES)
    files = recorder.one("cloudflare:index/workersScript:WorkersScript")["files"]
    uploaded = {name for name in files if name.startswith("app/")}
    (archive,) = program.parent.glob(".parallax/build/dev/*.zip")
    with zipfile.ZipFile(archive) as package:
        assert uploaded == {name for name in package.namelist() if name.startswith("app/")}
        for name in uploaded:
            assert (program.parent / files[name]["contentFile"]).read_bytes() == package.read(name)
    assert "app/api.py" in uploaded


def test_what_one_cloud_refuses_comes_on_neither(
    recorder: Recorder, program: Path, declared: Mapping[str, Any]
) -> None:
    """The engine would go on with whatever was registered before the error."""
    (program.parent / "workers" / "requirements.txt").write_text("./no-such-package\n")
    with pytest.raises(RequirementsUnresolvedError):
        run(program, declared, **_NO_PACKAGES)
    assert recorder.resources == []


def test_a_capability_that_is_not_built_is_refused(
    recorder: Recorder, program: Path, declared: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(targets, "require_capabilities", lambda spec, offered: asked.append((spec, offered)))
    run(program, declared, **_NO_PACKAGES)
    ((spec, offered),) = asked
    assert spec.application == "app.api:app"
    built = frozenset({"text_model", "state", "secrets"})
    assert offered == {"aws": built, "cloudflare": built}
    monkeypatch.setattr(targets, "require_capabilities", _refuse)
    made = len(recorder.resources)
    with pytest.raises(CapabilityMissingError):
        run(program, declared, **_NO_PACKAGES)
    assert len(recorder.resources) == made


def _refuse(*_: object) -> None:
    raise CapabilityMissingError("app.api:app", {"aws": ("state",)})


def test_another_framework_is_deployed_by_config_alone(
    recorder: Recorder, program: Path, declared: Mapping[str, Any]
) -> None:
    """Its packages come from the package index: needs a network."""
    shutil.copytree(FALCON, program.parent / "falcon_app", ignore=shutil.ignore_patterns("__pycache__"))
    run(
        program,
        declared,
        application="falcon_app.main:app",
        applicationPath="falcon_app",
        requirements="falcon_app/requirements.txt",
    )
    (archive,) = program.parent.glob(".parallax/build/dev/*.zip")
    with zipfile.ZipFile(archive) as package:
        names = set(package.namelist())
    assert {"falcon_app/main.py", "falcon/asgi/__init__.py", "functions/http.py"} <= names
    script = recorder.one("cloudflare:index/workersScript:WorkersScript")
    assert {"falcon_app/main.py", "python_modules/falcon/asgi/__init__.py"} <= script["files"].keys()
    assert not any(name.startswith(("app/", "python_modules/starlette")) for name in {*names, *script["files"]})
    variables = recorder.one("aws:lambda/function:Function")["environment"]["variables"]
    assert variables["PARALLAX_APPLICATION"] == "falcon_app.main:app"
    keys = [route.inputs["routeKey"] for route in recorder.of("aws:apigatewayv2/route:Route")]
    assert keys == ["$default"], "every request is the application's"
