"""Which Python runs a declared runtime.

`RUNTIMES/python3.13/interpreter` has the path of a Python, `RUNTIMES/python3.13/site/` awslambdaric and the SDK for it.
Without, the Python that runs this service takes its place, with its own of both, and status says so.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

_CLIENT = ("awslambdaric", "snapshot-restore-py", "simplejson")
_SDK = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")  # as AWS's runtimes bring
_PARTS = (*_CLIENT, *_SDK)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python and the folder with its awslambdaric."""

    program: str
    site: Path
    declared: str
    exact: bool

    @property
    def note(self) -> str:
        """What status says."""
        own = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.declared if self.exact else f"{self.declared} declared, runs on {own}: {self.declared} is not here"


def find(runtime: str, runtimes: Path | None, data: Path) -> Interpreter:
    """The interpreter for a runtime such as `python3.13`. Makes the fallback's folder below `data` where needed."""
    if runtimes is not None:
        folder = runtimes / runtime
        try:
            program = (folder / "interpreter").read_text().strip()
        except OSError:
            program = ""
        if program and Path(program).exists() and (folder / "site" / "awslambdaric").is_dir():
            return Interpreter(program, folder / "site", runtime, exact=True)
    exact = runtime == f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Interpreter(sys.executable, _own_site(data / "site"), runtime, exact)


def _own_site(folder: Path) -> Path:
    """Links to awslambdaric, the SDK and what they need, nothing else: functions must not see our packages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _PARTS:
        found = distribution(name)
        tops = {file.parts[0] for file in found.files or () if not file.parts[0].startswith("..")}
        for top in tops - {"__pycache__"}:
            link, target = folder / top, Path(str(found.locate_file(top)))
            if link.is_symlink() and link.readlink() == target:
                continue
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return folder
