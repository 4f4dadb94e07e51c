"""`make compare`: the whole lab against the stack `dev`, which writes a report. Further words go to the lab."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from tools import stack
from tools.environment import local_environment
from tools.errors import SetupError
from tools.places import LOCAL, PYTHON, ROOT
from tools.run import attached, run

REPORTS = ROOT / "reports"
# The name that the scenario knows, and the secret of the application that it is.
SIGNING_KEY, SECRET = "PARALLAX_WEBHOOK_KEY", "webhookKeys"
# With all that is beside the measuring it stays below three minutes.
SECONDS = 120
_URL = "_url"
_ACCOUNT = f"{stack.PROJECT}:cloudflareAccountId"


def main(words: list[str]) -> int:
    """The lab's exit code; 1 where there is nothing to compare."""
    try:
        environment = local_environment(LOCAL, providers=os.environ.get("PROVIDERS") or "stand-in")
        _require_deployed()
        attached([PYTHON, "-m", "localcloud", "start"], environment=environment)
        settings = stack.settings_file(LOCAL)
        outputs = json.loads(_pulumi(environment, "stack", "output", "--json"))
        known = flags(outputs, yaml.safe_load(settings.read_text())["config"])
        key = _pulumi(environment, "config", "get", SECRET, "--config-file", str(settings)).strip()
        with tempfile.TemporaryDirectory(prefix="parallax-compare-") as folder:
            state = Path(folder) / "state.json"
            state.write_text(_pulumi(environment, "stack", "export"))
            command = [str(PYTHON), "-m", "lab", "compare", *known, "--state", str(state), *words]
            attached(command, environment=environment | {SIGNING_KEY: key})
    except SetupError as error:
        print(f"parallax: {error} [{error.code}]", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return int(error.returncode) or 1
    except KeyboardInterrupt:
        return 130
    return 0


def _require_deployed() -> None:
    if not stack.is_deployed(LOCAL):
        raise SetupError("NothingDeployed", "the stack dev has nothing deployed: make up, and then make compare")


def flags(outputs: Mapping[str, str], settings: Mapping[str, str]) -> Iterator[str]:
    """What the lab is told about a stack with these outputs and settings."""
    yield from ("--scenario", "parallax", "--seconds", str(SECONDS), "--folder", str(ROOT))
    yield from ("--reports", str(REPORTS), "--against", "latest")
    for name, url in outputs.items():
        if name.endswith(_URL):
            yield from ("--url", f"{name.removesuffix(_URL)}={url}")
    if function := outputs.get("aws_function_name"):
        yield from ("--cold", f"aws=lambda-version:{function}:live")
        yield from ("--usage", f"aws=lambda-reports:{outputs['aws_log_group']}")
    if script := outputs.get("cloudflare_script_name"):
        place = f"{settings[_ACCOUNT]}:{script}"
        yield from ("--cold", f"cloudflare=worker-version:{place}", "--usage", f"cloudflare=worker-analytics:{place}")


def _pulumi(environment: Mapping[str, str], *words: str) -> str:
    return run(["pulumi", *words, "--stack", stack.NAME], what="pulumi", folder=ROOT, environment=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
