"""Advice for a terminal of at most 100 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from lab.advice.finding import Advice
from lab.advice.patterns import PATTERNS
from lab.advice.table import VERDICT

WIDTH: Final = 100
_PATTERNS: Final = frozenset(pattern.id for pattern in PATTERNS)


def show(console: Console, found: Sequence[Advice]) -> None:
    """The verdict, the rules that apply, patterns that hurt, and why the other rules do not apply."""
    console.width = min(console.width, WIDTH)
    for verdict in (each for each in found if each.rule == VERDICT):
        console.print(Panel(Text(verdict.choose, style="bold"), title="Verdict", title_align="left"))
        _print(console, _why(verdict))
    rules = [each for each in found if each.rule != VERDICT and each.rule not in _PATTERNS]
    patterns = [each for each in found if each.rule in _PATTERNS and each.applies]
    for title, several in (("Rules that apply", [each for each in rules if each.applies]), ("Patterns", patterns)):
        if several:
            console.print(Text(f"\n{title}", style="bold"))
        for each in several:
            console.print(Text.assemble(f"{each.when} → ", (each.choose, "bold"), (f" [{each.rule}]", "dim")))
            _print(console, _why(each))
            _print(console, (_indented(Text(source, style="dim")) for source in each.sources))
    console.print(Text("\nRules that do not apply", style="bold"))
    for each in rules:
        if not each.applies:
            console.print(Text.assemble(f"{each.when} → ", (each.choose, "dim"), (f" [{each.rule}]", "dim")))
            console.print(_indented(Text(each.because[0])))


def _why(each: Advice) -> Iterator[RenderableType]:
    for sentence in each.because:
        yield _indented(Text(sentence))
    yield _indented(Text.assemble(("What would change it: ", "cyan"), each.changes))


def _print(console: Console, lines: Iterator[RenderableType]) -> None:
    for line in lines:
        console.print(line)


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2))
