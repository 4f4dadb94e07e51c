"""What advice needs to know of an application besides its work: a workload file's table [advice]."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from lab.errors import InvalidWorkloadError

Users = Literal["one-region", "continent", "worldwide"]
State = Literal["none", "external", "process"]
Neutrality = Literal["no", "wanted", "required"]
Answering = Literal["whole", "stream", "websocket"]
Connecting = Literal["shared", "each-request"]


def _told(question: str, meaning: str, *, unit: str = "", choices: tuple[str, ...] = ()) -> dict[str, object]:
    return {"question": question, "meaning": meaning, "unit": unit, "choices": choices}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All have a default. `given` names those that somebody gave; the others are assumed.

    None is: no target, or not known. Raises InvalidWorkloadError for an answer that cannot be.
    """

    predictable: bool = field(
        default=True,
        metadata=_told(
            "Can you say what next month's load will be, give or take a half?", "next month's load can be told"
        ),
    )
    users: Users = field(
        default="one-region", metadata=_told("Where are the users?", "where the users are", choices=get_args(Users))
    )
    typical_ms: float | None = field(
        default=None,
        metadata=_told(
            "How soon must a typical answer be there, the network included?",
            "target of a typical answer at the user, the network included",
            unit="ms",
        ),
    )
    p99_ms: float | None = field(
        default=None,
        metadata=_told(
            "Is there a promise of how long 99 of 100 answers take at most?",
            "promise of the p99, cold starts included",
            unit="ms",
        ),
    )
    longest_s: float = field(
        default=1.0,
        metadata=_told(
            "How long does the longest request take, waiting included?",
            "the longest request, waiting included",
            unit="s",
        ),
    )
    longest_cpu_s: float | None = field(
        default=None,
        metadata=_told(
            "How long does it compute?",
            "processor time of the longest request; as large a part of it as cpu_ms is of wall_ms where nobody says",
            unit="s",
        ),
    )
    job_s: float = field(
        default=0.0,
        metadata=_told(
            "How long does the longest job in the background run? (0: there are none)",
            "the longest job in the background; 0 for none",
            unit="s",
        ),
    )
    job_steps: bool = field(
        default=True,
        metadata=_told(
            "Can such a job be cut into steps of a few minutes that start again by themselves?", "jobs come in steps"
        ),
    )
    state: State | None = field(
        default=None,
        metadata=_told(
            "Where is what must be remembered between requests? (none, external: a database, process: memory or disk)",
            "where state is: external is a database, process is memory or disk of its own; by the workload's reads and "
            "writes where nobody says",
            choices=get_args(State),
        ),
    )
    neutrality: Neutrality = field(
        default="no",
        metadata=_told(
            "Must it run at another vendor without a rewrite?",
            "whether it must run at another vendor without a rewrite",
            choices=get_args(Neutrality),
        ),
    )
    answering: Answering = field(
        default="whole",
        metadata=_told(
            "How do answers leave: whole, as a stream, or over websockets?",
            "how answers leave",
            choices=get_args(Answering),
        ),
    )
    native: bool = field(
        default=False,
        metadata=_told(
            "Does it need threads, processes or compiled packages?",
            "needs threads, processes or compiled packages that are not built for WebAssembly",
        ),
    )
    needs_mb: float | None = field(
        default=None, metadata=_told("How much memory does it need at its peak?", "memory at its peak", unit="MB")
    )
    package_mb: float | None = field(
        default=None,
        metadata=_told(
            "How large is its package, unpacked?", "its package, unpacked, dependencies included", unit="MB"
        ),
    )
    calls: float = field(
        default=0.0,
        metadata=_told(
            "How many functions of your own does one request call and wait for?",
            "functions of its own that one request calls and waits for",
        ),
    )
    connecting: Connecting = field(
        default="shared",
        metadata=_told(
            "Are connections to databases kept between requests, or opened by each?",
            "whether connections to a database outlive a request or each request opens its own",
            choices=get_args(Connecting),
        ),
    )
    poll_s: float = field(
        default=0.0,
        metadata=_told(
            "How often does something ask whether there is work?", "seconds between two polls; 0 for none", unit="s"
        ),
    )
    ops_usd: float = field(
        default=0.0,
        metadata=_told(
            "What does the work of running servers cost you a month?",
            "what running servers of your own costs in working time, counted on the side of always-on",
            unit="USD a month",
        ),
    )
    given: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Raises InvalidWorkloadError."""
        for name, answer in ANSWERS.items():
            _check(answer, getattr(self, name))
        if unknown := sorted(self.given - ANSWERS.keys()):
            raise _unknown(unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One of them: how it is asked, what it means, what it may be. `kind` is bool, number or choice."""

    name: str
    question: str
    meaning: str
    unit: str
    choices: tuple[str, ...]
    kind: Literal["bool", "number", "choice"]
    default: bool | float | str | None


def _of(declared: dataclasses.Field[Any]) -> Answer:
    choices = declared.metadata["choices"]
    default: bool | float | str | None = None if declared.default is dataclasses.MISSING else declared.default
    kind: Literal["bool", "number", "choice"] = (
        "bool" if isinstance(default, bool) else "choice" if choices else "number"
    )
    return Answer(
        name=declared.name,
        question=declared.metadata["question"],
        meaning=declared.metadata["meaning"],
        unit=declared.metadata["unit"],
        choices=choices,
        kind=kind,
        default=default,
    )


ANSWERS: Final[Mapping[str, Answer]] = MappingProxyType(
    {declared.name: _of(declared) for declared in dataclasses.fields(Answers) if "question" in declared.metadata}
)


def answers(said: Mapping[str, Any]) -> Answers:
    """Those that were given, by name. Raises InvalidWorkloadError."""
    if unknown := sorted(said.keys() - ANSWERS.keys()):
        raise _unknown(unknown)
    return Answers(**said, given=frozenset(said))


def parse(answer: Answer, text: str) -> bool | float | str:
    """What somebody typed. Raises InvalidWorkloadError."""
    if answer.kind == "choice":
        _check(answer, text)
        return text
    if answer.kind == "bool":
        if text.lower() in ("yes", "y", "true"):
            return True
        if text.lower() in ("no", "n", "false"):
            return False
        raise InvalidWorkloadError(f"{answer.name} is {text!r}; valid: yes, no")
    try:
        value = float(text)
    except ValueError:
        raise InvalidWorkloadError(f"{answer.name} is {text!r}; it is a number{_in(answer)}") from None
    _check(answer, value)
    return value


def _check(answer: Answer, value: object) -> None:
    name = answer.name
    if value is None and answer.default is None:
        return
    if answer.kind == "bool":
        if not isinstance(value, bool):
            raise InvalidWorkloadError(f"{name} is {value!r}; valid: true, false")
    elif answer.kind == "choice":
        if value not in answer.choices:
            raise InvalidWorkloadError(f"{name} is {value!r}; valid: {', '.join(answer.choices)}")
    elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise InvalidWorkloadError(f"{name} is {value!r}; it is a number, 0 or more{_in(answer)}")


def _in(answer: Answer) -> str:
    return f", in {answer.unit}" if answer.unit else ""


def _unknown(names: list[str]) -> InvalidWorkloadError:
    return InvalidWorkloadError(f"advice knows nothing of {', '.join(names)}; valid: {', '.join(ANSWERS)}")
