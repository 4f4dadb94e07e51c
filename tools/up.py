"""`make up`: starts the local cloud, deploys the stack `dev`, shows where the application answers. Safe to repeat."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import httpx
from rich.console import Console

from tools import first_look, stack
from tools.environment import local_environment
from tools.errors import SetupError
from tools.places import LOCAL, PYTHON, ROOT
from tools.run import attached, run
from tools.steps import Steps

_OUTPUT_SUFFIX = "_url"


def main() -> int:
    """Exit code 0 when all answers; what failed has spoken for itself otherwise."""
    console = Console()
    steps = Steps()
    providers = os.environ.get("PROVIDERS") or "stand-in"
    try:
        environment = local_environment(LOCAL, providers=providers)
        with steps.step("Local cloud"):
            attached([PYTHON, "-m", "localcloud", "start"], environment=environment)
        with steps.step("Stack"):
            settings = str(stack.ensure(environment, LOCAL))
            if stack.free(environment, LOCAL):
                console.print("  An earlier pulumi was killed and had left its lock: taken away.")
        with steps.step("pulumi up"):
            # What a killed engine or a reset of the local cloud has changed is seen first.
            words = ["up", "--yes", "--skip-preview", "--refresh", "--stack", stack.NAME, "--config-file", settings]
            attached(["pulumi", *words], environment=environment)
        words = ["pulumi", "stack", "output", "--json", "--stack", stack.NAME]
        outputs = json.loads(run(words, what="pulumi", folder=ROOT, environment=environment))
        urls = {
            name.removesuffix(_OUTPUT_SUFFIX): url for name, url in outputs.items() if name.endswith(_OUTPUT_SUFFIX)
        }
        console.print()
        first_look.show(urls, console)
    except SetupError as error:
        print(f"parallax: {error} [{error.code}]", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return int(error.returncode) or 1
    except httpx.HTTPError as error:
        print(
            f"parallax: deployed, but an address does not answer ({error}): see python -m localcloud logs",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    console.print()
    for cloud, url in urls.items():
        console.print(f"  {cloud:<11} {url}", soft_wrap=True)
    console.print(f"\n  {', '.join(f'{title} {seconds:.1f} s' for title, seconds in steps.taken.items())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
