"""`make down`: destroys the stack `dev` and stops the local cloud; leaves nothing running. Safe to repeat."""

from __future__ import annotations

import os
import subprocess
import sys

from tools import stack
from tools.environment import local_environment
from tools.errors import SetupError
from tools.places import LOCAL, PYTHON
from tools.run import attached

_LOCALCLOUD = [str(PYTHON), "-m", "localcloud"]


def main() -> int:
    """Exit code 0 when nothing is left."""
    try:
        environment = local_environment(LOCAL, providers=os.environ.get("PROVIDERS") or "stand-in")
        if stack.is_deployed(LOCAL):
            attached([*_LOCALCLOUD, "start"], environment=environment)
            stack.free(environment, LOCAL)
            settings = str(stack.settings_file(LOCAL))
            words = ["destroy", "--yes", "--skip-preview", "--stack", stack.NAME, "--config-file", settings]
            attached(["pulumi", *words], environment=environment)
        else:
            print("The stack dev has nothing deployed.")
        attached([*_LOCALCLOUD, "stop"], environment=environment)
    except SetupError as error:
        print(f"parallax: {error} [{error.code}]", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return int(error.returncode) or 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
