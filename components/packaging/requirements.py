"""A requirements file, reduced to what holds on one platform."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from components.errors import SourceMissingError

_OPTION = re.compile(r"\s--?[A-Za-z]")
_COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True, slots=True)
class Requirements:
    """Lines for an installer, with markers evaluated and taken away. `locked`: every package has its hashes."""

    source: str
    lines: tuple[str, ...]
    locked: bool


def read_requirements(file: Path, markers: Mapping[str, str]) -> Requirements:
    """Reads the file and those it includes (`-r`).

    Markers are evaluated here for the cloud's platform: pip would evaluate them for the Python that it runs on.
    """
    lines = tuple(line for line in (_applied(line, markers) for line in _lines(file)) if line)
    packages = [line for line in lines if not line.startswith("-")]
    return Requirements(str(file), lines, locked=bool(packages) and all("--hash=" in line for line in packages))


def _lines(file: Path) -> Iterator[str]:
    """Logical lines, without comments and continuations."""
    if not file.is_file():
        raise SourceMissingError("requirements", str(file), "there is no such file; give its path, or empty for none")
    for raw in re.sub(r"\\\r?\n", " ", file.read_text(encoding="utf-8")).splitlines():
        line = " ".join(_COMMENT.sub("", raw).split())
        included = re.fullmatch(r"(?:-r|--requirement)[ =]?(.+)", line)
        if included:
            yield from _lines(file.parent / included[1].strip())
        elif line:
            yield line


def _applied(line: str, markers: Mapping[str, str]) -> str | None:
    """The line without its marker, or None where the marker does not hold."""
    if line.startswith("-"):
        return line
    option = _OPTION.search(line)
    text, options = (line[: option.start()], line[option.start() :]) if option else (line, "")
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return line  # a path or an address: the installer's to judge
    if requirement.marker and not requirement.marker.evaluate(dict(markers)):
        return None
    requirement.marker = None
    return f"{requirement}{options}"
