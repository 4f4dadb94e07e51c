"""Lambda's runtime packages for each Python that a function may declare and this machine has.

The local cloud reads `RUNTIMES/python3.13/interpreter` (a path) and `RUNTIMES/python3.13/site/` (awslambdaric, and the
boto3 that AWS's own runtimes bring).
"""

from __future__ import annotations

import shutil

from tools.interpreters import find
from tools.places import LAMBDA_RUNTIMES, PYTHON, ROOT
from tools.run import run
from tools.stamp import digest, is_done
from tools.steps import Steps

VERSIONS = ("3.12", "3.13", "3.14")
LOCK = ROOT / "tools" / "lambda_runtime.txt"


def ensure(steps: Steps) -> None:
    """One folder for each Python that is here; a Python that is not here is left to the local cloud's own."""
    for version in VERSIONS:
        interpreter = find(version)
        if interpreter is None:
            continue
        folder = LAMBDA_RUNTIMES / f"python{version}"
        stamp = folder / "stamp"
        wanted = digest([LOCK, str(interpreter)])
        title = f"Lambda runtime python{version}"
        if is_done(stamp, wanted):
            steps.already(title)
            continue
        with steps.step(title):
            shutil.rmtree(folder, ignore_errors=True)
            site = folder / "site"
            site.mkdir(parents=True)
            flags = (
                "--require-hashes",
                "--only-binary",
                ":all:",
                "--no-deps",
                "--quiet",
                "--disable-pip-version-check",
            )
            abi = ("--python-version", version, "--implementation", "cp", "--target", site)
            run([PYTHON, "-m", "pip", "install", *flags, *abi, "-r", LOCK], what=title, folder=ROOT)
            run([interpreter, "-m", "compileall", "-q", site], what=title, folder=ROOT)
            (folder / "interpreter").write_text(str(interpreter))
            stamp.write_text(wanted)
