"""Portable code that knows a cloud."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from lab.lockin.findings import Leak
from lab.lockin.imports import Modules
from lab.lockin.knowledge import Knowledge, Shape, Vendor
from lab.lockin.sights import Kind, Sight, sights
from lab.lockin.source import Source

_SHOWN: Final = 24
"""Letters of a constant: enough to know a header or the service in an ARN by."""

Tie = Callable[[str], str | None]
"""How a file of the repository that is not portable is tied to a cloud, in words; None where it is not."""


def leaks_of(source: Source, modules: Modules, known: Knowledge, tie: Tie) -> Iterator[Leak]:
    """Vendors' modules that it imports, modules of the repository that lead to one, and shapes of vendors' things. In
    the order of lines; a line says the same only once.
    """
    found = {*_by_imports(source, modules, known, tie), *_by_shapes(source, known.vendors)}
    yield from sorted(found, key=lambda leak: (leak.line, leak.what))


def _by_imports(source: Source, modules: Modules, known: Knowledge, tie: Tie) -> Iterator[Leak]:
    for each in modules.imports(source):
        path = modules.path_of(each)
        if path is not None:
            if (why := tie(path)) is not None:
                yield Leak(path=source.path, line=each.line, what=f"imports {modules.name_of(path)}, {why}")
        elif not modules.is_own(each.module) and (vendor := known.vendor_of_module(each.dotted)):
            yield Leak(
                path=source.path, line=each.line, what=f"imports {each.module}, a module of {known.title(vendor)}"
            )


def _by_shapes(source: Source, vendors: Sequence[Vendor]) -> Iterator[Leak]:
    seen = list(sights(source))
    for vendor in vendors:
        for shape in vendor.shapes:
            for sight in _matching(shape, seen):
                what = f"`{_shown(sight)}`: {shape.what} ({vendor.title or vendor.name})"
                yield Leak(path=source.path, line=sight.line, what=what)


def _matching(shape: Shape, seen: Sequence[Sight]) -> Iterator[Sight]:
    words = {*shape.keys, *shape.weak}
    of_shape = {each.value for each in seen if each.kind == "key" and each.value in words}
    fitting: dict[Kind, Collection[str]] = {
        "key": of_shape if len(of_shape) > 1 else of_shape & {*shape.keys},
        "attribute": {*shape.attributes},
        "access": {*shape.accesses},
        "constant": {each.lower() for each in shape.constants},
        "function": {*shape.functions},
        "parameters": {", ".join(words) for words in shape.parameters},
    }
    for sight in seen:
        if sight.kind == "constant":
            if sight.value.lower() in fitting["constant"] or sight.value.startswith(shape.starts):
                yield sight
        elif sight.value in fitting[sight.kind]:
            yield sight


def _shown(sight: Sight) -> str:
    match sight.kind:
        case "parameters":
            return f"({sight.value})"
        case "constant" if len(sight.value) > _SHOWN:
            return f"{sight.value[:_SHOWN]}…"
    return sight.value
