"""The local cloud's environment: nothing of the user's own accounts gets in, and a shell reads back what was meant."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools import environment, stack
from tools.environment import local_environment
from tools.places import ROOT, STAND_INS

OWN = {
    "AWS_ACCESS_KEY_ID": "AKIAMINE",
    "AWS_SECRET_ACCESS_KEY": "mine-secret",
    "AWS_SESSION_TOKEN": "mine-session",
    "AWS_PROFILE": "mine-profile",
    "AWS_ENDPOINT_URL_LAMBDA": "https://mine.example.com",
    "CLOUDFLARE_API_TOKEN": "mine-token",
    "CLOUDFLARE_API_KEY": "mine-key",
    "PULUMI_ACCESS_TOKEN": "mine-pulumi",
    "PULUMI_CONFIG_PASSPHRASE": "mine-passphrase",
    "PULUMI_BACKEND_URL": "s3://mine",
}
HOSTILE = 'it\'s "$(touch pwned)" `touch pwned`; \\ here'


@pytest.fixture(autouse=True)
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set-up has been done, and the user has accounts."""
    monkeypatch.setattr(environment, "LOCAL", tmp_path / HOSTILE)
    monkeypatch.setattr(environment, "host_node", lambda: Path("/node"))
    monkeypatch.setattr(environment, "cli_folder", lambda: Path("/cli"))
    monkeypatch.setattr(stack, "is_ready", lambda _home: True)
    monkeypatch.delenv("PROVIDERS", raising=False)
    for name, value in OWN.items():
        monkeypatch.setenv(name, value)


def in_a_shell(lines: str, folder: Path) -> dict[str, str]:
    """What a shell of the user's has after env.sh evaluated these lines."""
    script = 'eval "$1" && exec "$2" -c "import json, os; print(json.dumps(dict(os.environ)))"'
    done = subprocess.run(
        ["/bin/bash", "-c", script, "bash", lines, sys.executable],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    seen: dict[str, str] = json.loads(done.stdout)
    return seen


def test_a_command_gets_nothing_of_the_users_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "mine-github")
    given = local_environment(tmp_path)
    assert [name for name, value in given.items() if "mine" in value.lower()] == []
    assert given["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert given["CLOUDFLARE_BASE_URL"].startswith("http://127.0.0.1:")


def test_a_shell_loses_the_users_accounts_and_reads_every_value_as_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_;touch pwned;", "a name that no shell gives")
    assert environment.main() == 0
    printed = capsys.readouterr().out
    assert "mine" not in printed.lower()
    seen = in_a_shell(printed, tmp_path)
    assert seen.keys() & OWN.keys() == {
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CLOUDFLARE_API_TOKEN", "PULUMI_BACKEND_URL",
    }  # fmt: skip
    assert [name for name, value in seen.items() if value in OWN.values()] == []
    assert seen["PULUMI_BACKEND_URL"] == f"file://{tmp_path / HOSTILE}/state?metadata=skip"
    assert seen["PULUMI_OPTION_CONFIG_FILE"] == str(tmp_path / HOSTILE / "Pulumi.dev.yaml")
    assert Path(seen["PULUMI_OPTION_CONFIG_FILE"]).read_text() == (ROOT / "Pulumi.dev.yaml").read_text()
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(("providers", "there"), [(None, True), ("", True), ("stand-in", True), ("vendor", False)])
def test_the_stand_ins_are_found_only_where_they_are_meant(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    providers: str | None,
    there: bool,
) -> None:
    """Also from a shell in which env.sh put them on PATH before."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(STAND_INS), os.environ["PATH"]]))
    if providers is not None:
        monkeypatch.setenv("PROVIDERS", providers)
    environment.main()
    seen = in_a_shell(capsys.readouterr().out, tmp_path)
    assert (str(STAND_INS) in seen["PATH"].split(os.pathsep)) == there
    assert ("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION" in seen) == there


def test_unknown_providers_are_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PROVIDERS", "vendors")
    assert environment.main() == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "parallax: PROVIDERS=vendors is unknown: stand-in or vendor\n"


def test_the_passphrase_is_made_once_and_is_its_owners_only(tmp_path: Path) -> None:
    passphrase = Path(local_environment(tmp_path)["PULUMI_CONFIG_PASSPHRASE_FILE"])
    assert stat.S_IMODE(passphrase.stat().st_mode) == 0o600
    first = passphrase.read_text()
    assert len(first) >= 32
    local_environment(tmp_path)
    assert passphrase.read_text() == first


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("state", ["not set up", "broken"])
def test_env_sh_fails_where_it_could_not_point_the_shell_to_the_local_cloud(
    tmp_path: Path, shell: str, state: str
) -> None:
    """`source env.sh && pulumi up` must not reach the user's own accounts."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    shutil.copy(ROOT / "env.sh", tmp_path)
    if state == "broken":
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text("#!/bin/sh\nexit 1\n")
        python.chmod(0o755)
    done = subprocess.run(
        [program, "-c", "source ./env.sh && echo went on"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.stdout == b""
    assert done.returncode == 1


def test_a_shell_makes_the_stack_and_its_secrets_where_they_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    monkeypatch.setattr(stack, "is_ready", lambda _home: False)

    def ensure(given: Mapping[str, str], home: Path) -> Path:
        made.append(home)
        return Path(given["HOME"])

    monkeypatch.setattr(stack, "ensure", ensure)
    monkeypatch.setenv("HOME", "/settings")
    assert environment.stack_variables(tmp_path, "stand-in") == {"PULUMI_OPTION_CONFIG_FILE": "/settings"}
    assert made == [tmp_path]
