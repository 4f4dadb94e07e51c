"""`make setup`: everything that Parallax needs, each part only where it is missing. Safe to repeat and to interrupt."""

from __future__ import annotations

import fcntl
import sys

from tools import lambda_runtimes, node_packages, prerequisites, pulumi_cli, python_environment
from tools.errors import SetupError
from tools.places import TOOLS
from tools.steps import Steps


def main() -> int:
    """Returns 1, after one line on standard error, where something is missing."""
    try:
        prerequisites.check()
        TOOLS.mkdir(exist_ok=True)
        with (TOOLS / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second set-up waits for the first
            steps = Steps()
            python_environment.ensure(steps)
            node_packages.ensure(steps)
            pulumi_cli.ensure(steps)
            lambda_runtimes.ensure(steps)
    except SetupError as error:
        print(f"parallax: {error} [{error.code}]", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("parallax: interrupted; make goes on from here next time", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
