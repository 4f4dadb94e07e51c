"""`make test`: the Worker host's tests in Node, then all others with pytest, whose closing line comes last."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.environment import local_environment
from tools.errors import SetupError
from tools.node_packages import host_node
from tools.places import LOCAL, PYTHON, ROOT

_HOST_TESTS = ROOT / "localcloud" / "cloudflare" / "host" / "test"
_PYTEST = ("-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup")


def main(words: list[str]) -> int:
    """Further words go to pytest. Returns the first exit code that is not 0, after both have run."""
    try:
        environment = {**os.environ, **local_environment(LOCAL)}
        tests = sorted(str(path) for path in _HOST_TESTS.glob("*.test.mjs"))
        node = subprocess.run([host_node(), "--test", *tests], cwd=ROOT, env=environment, check=False)
        python = subprocess.run([PYTHON, *_PYTEST, *words], cwd=ROOT, env=environment, check=False)
    except SetupError as error:
        print(f"parallax: {error} [{error.code}]", file=sys.stderr)
        return 1
    return node.returncode or python.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
