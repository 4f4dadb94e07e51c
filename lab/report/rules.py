"""Bounds that a report must keep, as one writes them for CI: `p99 > +10%`, `p99 target=aws endpoint=echo > 250ms`.

    RULE  = MEASURE [KEY=VALUE …] (> | <) [+ | -]NUMBER[UNIT]

A signed bound is a change against an earlier report, an unsigned one a limit by itself. A bound counts as broken only
where the whole 95 % interval lies beyond it: what is uncertain fails nothing, and is said.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lab.errors import InvalidRuleError
from lab.estimate import Estimate
from lab.report.changes import change
from lab.report.measures import MEASURES, Figure, Measure, Unit, figures
from lab.report.model import Report
from lab.report.words import amount, place_words

Outcome = Literal["kept", "uncertain", "broken", "missing"]

_RULE: Final = re.compile(
    r"(?P<words>[^<>]+)(?P<side>[<>])\s*(?P<sign>[+-]?)(?P<number>\d+(\.\d+)?)\s*(?P<unit>[a-zA-Z%/]*)\s*"
)
_FORM: Final = "MEASURE [KEY=VALUE …] > [+]NUMBER[UNIT]"
_UNITS: Final[Mapping[Unit, Mapping[str, float]]] = {
    "ms": {"ms": 1, "s": 1000},
    "share": {"%": 0.01},
    "/s": {"/s": 1, "": 1},
    "USD": {"USD": 1, "": 1},
    "lines": {"": 1},
    "count": {"": 1},
}
"""By what an unsigned bound's number is multiplied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A parsed bound. `relative`: it is on the change in parts of the earlier value (0.1 for `+10%`); else on the
    change itself where `signed`, on the figure where not.
    """

    text: str
    measure: Measure
    where: Mapping[str, str]
    above: bool
    """True: more than the bound is too much."""
    signed: bool
    relative: bool
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One rule at one place, in words."""

    rule: str
    outcome: Outcome
    text: str

    @property
    def fails(self) -> bool:
        """Broken bounds fail, and so does what is missing: what was not measured was not kept."""
        return self.outcome in ("broken", "missing")


def parse_rule(text: str) -> Rule:
    """Raises InvalidRuleError, which lists what is valid in the place that is wrong."""
    match = _RULE.fullmatch(text.strip())
    if match is None:
        raise InvalidRuleError(f"--fail-on {text!r} is not {_FORM}, as in 'p99 > +10%' or 'error-rate > 1%'")
    name, *filters = _words(match["words"], text)
    measure = MEASURES.get(name)
    if measure is None:
        raise InvalidRuleError(f"--fail-on {text!r}: no measure {name!r}; valid: {', '.join(MEASURES)}")
    sign, unit = match["sign"], match["unit"]
    relative = bool(sign) and unit == "%"
    factor = 0.01 if relative else _factor(measure, unit, sign, text)
    return Rule(
        text=text.strip(),
        measure=measure,
        where=dict(_filter(measure, word, text) for word in filters),
        above=match["side"] == ">",
        signed=bool(sign),
        relative=relative,
        bound=float(f"{sign}{match['number']}") * factor,
    )


def judge(rule: Rule, new: Report, old: Report | None) -> tuple[Judgement, ...]:
    """What `rule` says of `new`, place by place. Raises InvalidRuleError where it needs an earlier report and there is
    none, or where nothing in the reports is what it speaks of.
    """
    if rule.signed and old is None:
        raise InvalidRuleError(
            f"--fail-on {rule.text!r} is about a change and needs an earlier report: --against FOLDER; "
            f"without the sign it is a limit by itself"
        )
    now = _at(rule, new)
    before = _at(rule, old) if old is not None and rule.signed else {}
    if not now and not before:
        raise InvalidRuleError(_nothing(rule, new))
    found = [
        _limit(rule, figure) if not rule.signed else _changed(rule, before[key], figure)
        for key, figure in now.items()
        if not rule.signed or key in before
    ]
    found += [_missing(rule, figure) for key, figure in before.items() if key not in now]
    if rule.signed and not before:
        found.append(
            Judgement(rule=rule.text, outcome="missing", text=f"{rule.measure.name}: the earlier report has none")
        )
    return tuple(found)


def _words(words: str, text: str) -> list[str]:
    try:
        return shlex.split(words)
    except ValueError as error:
        raise InvalidRuleError(f"--fail-on {text!r}: {error}; quote a value with spaces in it") from error


def _factor(measure: Measure, unit: str, sign: str, text: str) -> float:
    units: Mapping[str, float] = _UNITS[measure.unit]
    if sign and measure.unit == "share":
        units = {"pp": 0.01}
    if unit not in units:
        valid = sorted({*units, *(["%"] if sign else [])})
        raise InvalidRuleError(
            f"--fail-on {text!r}: {measure.name} has no unit {unit!r} here; valid: "
            f"{', '.join(each or 'none' for each in valid)}"
        )
    return units[unit]


def _filter(measure: Measure, word: str, text: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals or key not in measure.keys:
        valid = ", ".join(f"{key}=…" for key in measure.keys) or "none"
        raise InvalidRuleError(f"--fail-on {text!r}: {word!r} does not narrow {measure.name}; valid: {valid}")
    return key, value


def _at(rule: Rule, report: Report) -> dict[tuple[str, tuple[str, ...]], Figure]:
    return {
        figure.id: figure
        for figure in figures(report)
        if figure.measure == rule.measure and all(figure.place[key] == value for key, value in rule.where.items())
    }


def _nothing(rule: Rule, report: Report) -> str:
    there = [figure for figure in figures(report) if figure.measure == rule.measure]
    values = "; ".join(
        f"{key}: {', '.join(sorted({figure.place[key] for figure in there})) or 'none'}" for key in rule.measure.keys
    )
    return f"--fail-on {rule.text!r}: the report has no such {rule.measure.name}. It has {values or 'none'}"


def _limit(rule: Rule, figure: Figure) -> Judgement:
    return _judged(rule, figure, figure.estimate, amount(figure.estimate, figure.measure.unit))


def _changed(rule: Rule, before: Figure, figure: Figure) -> Judgement:
    found = change(before.estimate, figure)
    if rule.relative:
        estimate = _parts(found.ratio, before.estimate, figure.estimate)
        said = amount(estimate, "share", signed=True)
    else:
        estimate = found.difference
        said = amount(estimate, figure.measure.unit, signed=True)
    return _judged(rule, figure, estimate, said)


def _parts(ratio: Estimate | None, before: Estimate, now: Estimate) -> Estimate:
    """The change in parts of the earlier value; from 0 it is without end as soon as the figure surely is not 0."""
    if ratio is not None:
        return Estimate(value=ratio.value - 1, low=ratio.low - 1, high=ratio.high - 1)
    low = now.low / before.high - 1 if before.high > 0 else _from_nothing(now.low)
    value = now.value / before.value - 1 if before.value > 0 else _from_nothing(now.value)
    high = now.high / before.low - 1 if before.low > 0 else _from_nothing(now.high)
    return Estimate(value=value, low=low, high=high)


def _from_nothing(now: float) -> float:
    return float("inf") if now > 0 else 0.0


def _judged(rule: Rule, figure: Figure, estimate: Estimate, said: str) -> Judgement:
    def beyond(value: float) -> bool:
        return value > rule.bound if rule.above else value < rule.bound

    sure = beyond(estimate.low) and beyond(estimate.high)
    outcome: Outcome = "broken" if sure else "uncertain" if beyond(estimate.value) else "kept"
    return Judgement(rule=rule.text, outcome=outcome, text=f"{_name(figure)}: {said}")


def _missing(rule: Rule, figure: Figure) -> Judgement:
    return Judgement(rule=rule.text, outcome="missing", text=f"{_name(figure)}: was measured before, and not now")


def _name(figure: Figure) -> str:
    return " ".join(filter(None, (figure.measure.name, place_words(figure.place))))
