"""What is missing or too old is named in one line, with what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.tools.conftest import Programs
from tools import prerequisites
from tools.errors import SetupError
from tools.places import ROOT

ALL = {"node": "v20.11.1", "npm": "10.2.4"}

# dataclasses refuse `slots` before Python 3.10, and macOS brings 3.9.
_AS_PYTHON_39 = """
import dataclasses, sys
real = dataclasses.dataclass
def dataclass(cls=None, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False):
    settings = dict(init=init, repr=repr, eq=eq, order=order, unsafe_hash=unsafe_hash, frozen=frozen)
    return real(**settings) if cls is None else real(cls, **settings)
dataclasses.dataclass, sys.version_info = dataclass, (3, 9, 6, "final", 0)
from tools.setup import main
sys.exit(main())
"""


def test_what_is_new_enough_passes(programs: Programs) -> None:
    for name, version in ALL.items():
        programs.add(name, version)
    prerequisites.check()


@pytest.mark.parametrize(
    ("there", "code", "words"),
    [
        ({}, "NodeMissing", ("node is not on PATH", "install Node.js 20 or newer")),
        (ALL | {"node": "v18.20.8"}, "NodeTooOld", ("node on PATH is 18.20.8", "install Node.js 20 or newer")),
        ({"node": "v24.1.0"}, "NpmMissing", ("npm is not on PATH", "install it")),
    ],
)
def test_the_first_that_is_not_there_is_named(
    programs: Programs, there: dict[str, str], code: str, words: tuple[str, ...]
) -> None:
    for name, version in there.items():
        programs.add(name, version)
    with pytest.raises(SetupError) as caught:
        prerequisites.check()
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words)
    assert "\n" not in str(caught.value)


def test_a_program_that_does_not_run_does_not_count(programs: Programs) -> None:
    programs.add("node", "v24.1.0", fails=True)
    assert prerequisites.program_version("node", "--version") is None


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites, "sys", SimpleNamespace(version_info=(3, 10, 4, "final", 0)))
    with pytest.raises(SetupError, match=r"^Python 3\.10\.4 is too old: install Python 3\.11 or newer") as caught:
        prerequisites.check()
    assert caught.value.code == "PythonTooOld"


def test_set_up_says_so_in_one_line_under_a_python_too_old_for_the_rest_of_it() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _AS_PYTHON_39], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == (
        "parallax: Python 3.9.6 is too old: install Python 3.11 or newer, and run make again [PythonTooOld]\n"
    )
    assert done.returncode == 1
