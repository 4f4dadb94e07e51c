"""What leaving a cloud takes, in sentences with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lab.lockin.attribution import Attributed
from lab.lockin.findings import Data, Module

_NAMED_MODULES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """All that a sentence is made of. `elsewhere` are the modules that do the same on the repository's other clouds, by
    their titles; `others` are the clouds that counterparts were looked for on, by their names.
    """

    title: str
    resources: Sequence[Attributed]
    modules: Sequence[Module]
    elsewhere: Mapping[str, Sequence[Module]]
    others: Sequence[str]
    data: Data | None
    differences: Sequence[str]
    has_state: bool


def in_words(leaving: Leaving) -> str:
    """Resources, then code, then data, then differences."""
    if not leaving.resources and not leaving.modules:
        return f"Not yet deployed on {leaving.title}: nothing to leave."
    return " ".join((*_resources(leaving), *_code(leaving), *_rest(leaving)))


def _resources(leaving: Leaving) -> Iterator[str]:
    if not leaving.resources:
        if leaving.has_state:
            yield "No resource of its own in the stack."
        return
    matched = [each for each in leaving.resources if each.resource.counterpart is not None]
    unmatched = [each for each in leaving.resources if each.resource.counterpart is None]
    yield f"{len(matched)} of {times(len(leaving.resources), 'resource')} with a counterpart{_pairs(matched)}."
    if unmatched:
        yield f"{len(unmatched)} without: {'; '.join(_reasons(unmatched, leaving.others))}."


def _pairs(matched: Sequence[Attributed]) -> str:
    pairs = Counter((short(each.resource.type), short_all(each.resource.counterpart or "")) for each in matched)
    said = ", ".join(f"{_counted(count, here)} as {there}" for (here, there), count in pairs.items())
    return f" ({said})" if said else ""


def _reasons(unmatched: Sequence[Attributed], others: Sequence[str]) -> Iterator[str]:
    by_reason: dict[str, Counter[str]] = {}
    for each in unmatched:
        by_reason.setdefault(_why(each, others), Counter())[short(each.resource.type)] += 1
    for reason, types in by_reason.items():
        yield f"{', '.join(_counted(count, name) for name, count in types.items())} ({reason})"


def _why(each: Attributed, others: Sequence[str]) -> str:
    if each.role is None:
        return "no table knows this type"
    said = [each.role.instead[other] for other in others if other in each.role.instead]
    return "; ".join(said) or f"{each.role.does}: none is known"


def _code(leaving: Leaving) -> Iterator[str]:
    if not leaving.modules:
        yield "No code of its own."
        return
    yield f"Own code: {_all(leaving.modules)}."
    for title, modules in leaving.elsewhere.items():
        if modules:
            yield f"For {title} the same stands already: {_all(modules)}."
        else:
            yield f"For {title} nothing stands under that name: it would be written."


def _all(modules: Sequence[Module]) -> str:
    named = sorted(modules, key=lambda module: -module.lines)
    said = ", ".join(f"{module.path} {module.lines:,}" for module in named[:_NAMED_MODULES])
    more = f" and {len(named) - _NAMED_MODULES} more" if len(named) > _NAMED_MODULES else ""
    lines = sum(module.lines for module in modules)
    return f"{times(lines, 'line')} in {times(len(modules), 'module')} ({said}{more})"


def _rest(leaving: Leaving) -> Iterator[str]:
    if leaving.data is not None:
        yield f"Data: {leaving.data.export}"
    if leaving.differences:
        yield f"{times(len(leaving.differences), 'difference')} of the feature matrix to check."


def times(count: int, noun: str) -> str:
    """`1 line`, `1,200 lines`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _counted(count: int, name: str) -> str:
    return name if count == 1 else f"{count} {name}"


def short(token: str) -> str:
    """A type's own name and its module: `dynamodb Table` of `aws:dynamodb/table:Table`."""
    _, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    module = module.partition("/")[0]
    return name if module in ("", "index") else f"{module} {name}"


def short_all(tokens: str) -> str:
    """The same for several, joined by ` or `."""
    return " or ".join(short(token) for token in tokens.split(" or "))
