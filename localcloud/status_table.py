"""The table that `status` prints."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_table(parts: list[dict[str, Any]], supervisor: dict[str, Any], reason: str) -> None:
    """One row for the supervisor, each part, and each function and Worker below its part."""
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "state", "port", "pid", "memory", ""):
        table.add_column(heading, justify="right" if heading in {"port", "pid", "memory"} else "left")

    def row(name: str, state: str, process: dict[str, Any], detail: str) -> None:
        memory = process.get("memory")
        cells = (
            name,
            state,
            str(process.get("port") or ""),
            str(process.get("pid") or ""),
            f"{memory / 1_000_000:.0f} MB" if memory is not None else "",
            detail,
        )
        # Text, as details can contain what rich takes for markup.
        table.add_row(*map(Text, cells))

    row("supervisor", "serving" if parts else "unwell", supervisor, reason)
    for part in parts:
        restarts = f"restarts: {part['restarts']}" if part["restarts"] else ""
        state = "unwell" if part["state"] == "serving" and not part["healthy"] else part["state"]
        row(part["name"], state, part, "; ".join(filter(None, (part["reason"], restarts))))
        for inner in part["parts"]:
            row(f"  {inner['name']}", inner["state"], {}, inner.get("detail", ""))
    Console().print(table)
