"""Asks for what decides most, one question a line; an empty answer takes the default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from lab.advice.answers import ANSWERS, Answer, answers, parse
from lab.advice.peak import LOWEST
from lab.cost.workload import FIGURES, Workload
from lab.errors import InvalidWorkloadError

PEAK: Final = "peak_factor"
_FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "requests": "How many requests come in a month?",
        "wall_ms": "How long does a typical request take, waiting included?",
        "cpu_ms": "How long of that does it compute?",
    }
)
_ALWAYS: Final[Callable[[Mapping[str, Any]], bool]] = lambda _: True  # noqa: E731
_ASKED: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = MappingProxyType(
    {
        "predictable": _ALWAYS,
        "users": _ALWAYS,
        "typical_ms": lambda said: said.get("users", "one-region") != "one-region",
        "p99_ms": _ALWAYS,
        "longest_s": _ALWAYS,
        "job_s": _ALWAYS,
        "job_steps": lambda said: bool(said.get("job_s")),
        "state": _ALWAYS,
        "neutrality": _ALWAYS,
        "native": _ALWAYS,
    }
)
"""Which answers are asked for, and when; the others have flags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was answered: figures of the workload, the peak over the mean, and answers, all by name."""

    figures: Mapping[str, float]
    peak: float | None
    answers: Mapping[str, Any]


def ask(workload: Workload, read: Callable[[str], str], say: Callable[[str], None]) -> Said:
    """`read` shows a prompt and gives the line that was typed; `say` is told what was wrong with one."""
    figures: dict[str, float] = {}
    for name, question in _FIGURES.items():
        figure = FIGURES[name]
        answer = Answer(
            name=name, question=question, meaning=figure.meaning, unit=figure.unit, choices=(), kind="number", default=0
        )
        if (value := _one(answer, f"{getattr(workload, name):,.10g}", read, say)) is not None:
            figures[name] = float(value)
    peak = _one(
        Answer(
            name=PEAK,
            question="How many times the mean load has the busiest minute?",
            meaning="the busiest minute over the mean",
            unit="times",
            choices=(),
            kind="number",
            default=LOWEST,
        ),
        f"{workload.shape.peak:.3g}",
        read,
        say,
        least=LOWEST,
    )
    said: dict[str, Any] = {}
    for name, asked in _ASKED.items():
        if asked(said) and (value := _one(ANSWERS[name], _default(ANSWERS[name]), read, say)) is not None:
            said[name] = value
    answers(said)
    return Said(figures=figures, peak=None if peak is None else float(peak), answers=said)


def _one(
    answer: Answer, default: str, read: Callable[[str], str], say: Callable[[str], None], *, least: float = 0
) -> bool | float | str | None:
    unit = f" ({answer.unit})" if answer.kind == "number" and answer.unit else ""
    valid = f" ({'/'.join(answer.choices)})" if answer.choices else " (yes/no)" if answer.kind == "bool" else unit
    while True:
        text = read(f"{answer.question}{valid} [{default}] ").strip().replace(",", "")
        if not text:
            return None
        try:
            value = parse(answer, text)
        except InvalidWorkloadError as error:
            say(str(error))
            continue
        if isinstance(value, float) and value < least:
            say(f"{answer.name} is {value:g}; the least is {least:g}")
            continue
        return value


def _default(answer: Answer) -> str:
    match answer.default:
        case None:
            return "none" if answer.kind == "number" else "as the workload does"
        case bool():
            return "yes" if answer.default else "no"
        case float():
            return f"{answer.default:g}"
        case _:
            return str(answer.default)
