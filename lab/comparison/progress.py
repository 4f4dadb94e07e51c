"""What a person sees while a comparison runs."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from lab.samples import Round
from lab.targets import Target


class Watcher(Protocol):
    """Is told what goes on."""

    def begins(self, stage: str, steps: int) -> None:
        """A stage of so many steps."""

    def goes_on(self, what: str) -> None:
        """The next step of the stage, in words."""

    def measured(self, done: Round) -> None:
        """A round of load is over."""

    def says(self, sentence: str) -> None:
        """Something that a person should know at once."""


class Lines:
    """For logs and pipes: a line a stage, and what must be said."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begins(self, stage: str, steps: int) -> None:
        """Prints the stage."""
        self._console.print(
            f"  {stage} ({steps} {'step' if steps == 1 else 'steps'}) …", soft_wrap=True, highlight=False
        )

    def goes_on(self, what: str) -> None:
        """Nothing: a log has no use for it."""

    def measured(self, done: Round) -> None:
        """Nothing."""

    def says(self, sentence: str) -> None:
        """Prints it."""
        self._console.print(f"  {sentence}", soft_wrap=True, highlight=False)


class Screen:
    """For terminals: where the comparison stands, and medians as they come in."""

    def __init__(self, console: Console, targets: Sequence[Target]) -> None:
        self._targets = [target.name for target in targets]
        self._latencies: dict[tuple[str, str], dict[str, list[int]]] = {}
        self._errors: dict[tuple[str, str], dict[str, int]] = {}
        columns = (
            TextColumn("  {task.fields[stage]:<12}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        self._bar = Progress(*columns, console=console)
        self._task = self._bar.add_task("", stage="", total=1)
        # Drawn between rounds only: a thread that draws would hold up the requests of the one that sends them.
        self._live = Live(get_renderable=self._picture, console=console, auto_refresh=False, transient=True)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """While it is on the screen."""
        with self._live:
            yield

    def begins(self, stage: str, steps: int) -> None:
        """A new bar."""
        self._bar.reset(self._task, total=steps, stage=stage, description="")
        self._live.refresh()

    def goes_on(self, what: str) -> None:
        """The bar a step on."""
        self._bar.update(self._task, description=what, advance=1)
        self._live.refresh()

    def measured(self, done: Round) -> None:
        """The table a round on."""
        key = (done.endpoint, done.level)
        answered = [sample.latency for sample in done.samples if not sample.error and sample.instance_requests != 1]
        self._latencies.setdefault(key, {}).setdefault(done.target, []).extend(answered)
        errors = self._errors.setdefault(key, {})
        errors[done.target] = errors.get(done.target, 0) + sum(1 for sample in done.samples if sample.error)

    def says(self, sentence: str) -> None:
        """A line above what moves, which stays."""
        self._live.console.print(f"  {sentence}", soft_wrap=True, highlight=False)

    def _picture(self) -> RenderableType:
        if not self._latencies:
            return self._bar
        table = Table(box=None, padding=(0, 2))
        table.add_column("median ms so far")
        table.add_column("load")
        for name in self._targets:
            table.add_column(name, justify="right")
        for (endpoint, level), latencies in self._latencies.items():
            table.add_row(endpoint, level, *(self._cell((endpoint, level), latencies, name) for name in self._targets))
        return Group(table, self._bar)

    def _cell(self, key: tuple[str, str], latencies: dict[str, list[int]], name: str) -> str:
        values, errors = latencies.get(name), self._errors[key].get(name, 0)
        median = f"{statistics.median(values) / 1000:.1f}" if values else "-"
        return f"{median} [red]({errors} failed)[/red]" if errors else median
