"""What is known of platforms besides their prices: facts.toml, in which every figure has its source."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from lab.errors import InvalidWorkloadError

FACTS: Final = Path(__file__).with_name("facts.toml")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure. `text` says what it is, with `{value}` in it, and the conditions under which it was found."""

    id: str
    value: float
    unit: str
    text: str
    source: str
    date: datetime.date
    verified: bool

    @property
    def sentence(self) -> str:
        """As advice says it."""
        doubt = "" if self.verified else " (not verified)"
        return self.text.format(value=f"{self.value:,.10g} {self.unit}") + doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most that a platform takes of one thing of which an application has a certain amount."""

    platform: str
    of: Literal["request_s", "request_cpu_s", "job_s", "memory_mb", "package_mb"]
    at_most: float
    unit: str
    text: str
    source: str
    date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What a platform does not do."""

    platform: str
    need: Literal["stream", "websocket", "native"]
    text: str
    source: str
    date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """A published time to the first answer of a new instance, with what is to be known about it."""

    platform: str
    mean_ms: float
    text: str
    source: str
    date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """`reach`: whether a platform answers near each user or in one region. `short` is its name in advice."""

    platform: str
    short: str
    reach: Literal["edge", "region"]
    source: str
    date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something to use beside a platform, or instead of it. `use`: what for."""

    use: Literal["batch-steps", "batch-whole", "state", "edge"]
    name: str
    text: str
    source: str
    date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that the decision table draws by itself: nobody's figure, so `text` says why it is there."""

    id: str
    value: float
    unit: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it."""

    facts: Mapping[str, Fact]
    lines: Mapping[str, Line]
    limits: tuple[Limit, ...]
    lacks: tuple[Lack, ...]
    cold_starts: tuple[ColdStart, ...]
    traits: Mapping[str, Trait]
    services: tuple[Service, ...]

    def services_for(self, use: str) -> tuple[Service, ...]:
        """In the file's order: the first is named first."""
        return tuple(service for service in self.services if service.use == use)


def read_facts(more: Sequence[Path] = ()) -> Facts:
    """The lab's own and `more`, which add to them. Raises InvalidWorkloadError with the file and what is valid."""
    tables = [_Table(path) for path in (FACTS, *more)]

    def every(kind: Callable[..., T], name: str) -> tuple[T, ...]:
        return tuple(found for table in tables for found in table.made(kind, name))

    return Facts(
        facts={fact.id: fact for fact in every(Fact, "fact")},
        lines={line.id: line for line in every(Line, "line")},
        limits=every(Limit, "limit"),
        lacks=every(Lack, "lack"),
        cold_starts=every(ColdStart, "cold_start"),
        traits={trait.platform: trait for trait in every(Trait, "trait")},
        services=every(Service, "service"),
    )


_VALID: Final = ("fact", "line", "limit", "lack", "cold_start", "trait", "service")


class _Table:
    """One file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidWorkloadError(f"the facts {path} cannot be read: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidWorkloadError(f"the facts {path} are no TOML: {error}") from None
        if unknown := sorted(self._tables.keys() - set(_VALID)):
            raise self._error("the file", f"unknown: {', '.join(unknown)}; valid: {', '.join(_VALID)}")

    def made(self, kind: Callable[..., T], name: str) -> tuple[T, ...]:
        entries = self._tables.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self._error(name, f"must be a list of tables, [[{name}]]")
        return tuple(self._one(kind, f"{name} {number}", entry) for number, entry in enumerate(entries, 1))

    def _one(self, kind: Callable[..., T], where: str, entry: Mapping[str, Any]) -> T:
        known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
        needed = [field.name for field in known.values() if field.default is MISSING]
        if wrong := sorted((entry.keys() - known.keys()) | (set(needed) - entry.keys())):
            raise self._error(where, f"missing or unknown: {', '.join(wrong)}; it has {', '.join(known)}")
        for field in known.values():
            self._check(where, field.name, str(field.type), entry[field.name])
        if "source" in known and not str(entry["source"]).startswith("https://"):
            raise self._error(where, "its source must be an https:// address")
        return kind(**entry)

    def _check(self, where: str, name: str, kind: str, value: object) -> None:
        if kind.startswith("Literal"):
            choices = [choice.strip(" '\"") for choice in kind[len("Literal[") : -1].split(",")]
            if value not in choices:
                raise self._error(where, f"{name} is {value!r}; valid: {', '.join(choices)}")
        elif not isinstance(value, _TYPES[kind]) or (kind == "float" and isinstance(value, bool)):
            raise self._error(where, f"{name} is {value!r}; it is a {kind}")

    def _error(self, where: str, message: str) -> InvalidWorkloadError:
        return InvalidWorkloadError(f"{self._path.name}, {where}: {message}")


_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "str": str,
    "float": (int, float),
    "bool": bool,
    "datetime.date": datetime.date,
}
