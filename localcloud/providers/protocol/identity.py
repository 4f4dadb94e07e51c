"""Which resource a call is about, in a form that the same resource has again after a crash.

A killed engine leaves no trace of a create that the cloud already carried out, and its next run creates again. For that
run to find the leftover, neither the automatic name nor the mark on the resource may come from Pulumi's random seed:
both are derived from the URN. A replacement has the URN of what it replaces, which still exists, so the physical id of
the predecessor goes in as well; state keeps that id until the replacement is recorded, so a repeated run finds it too.
Therefore: the same digest means the same step of the same resource's life, and what carries it is safe to replace.

The mark is a tag, or a description or operation name where there are no tags. Read leaves it out of what the engine is
told. A vendor's own provider knows nothing of it: on what a stand-in made, its `pulumi refresh` shows the marks as
drift, and its next `up` removes them. Nothing is lost by that but the safety net of a create that was killed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A resource's URN, and the physical id of what it replaces ("" when it is new)."""

    urn: str
    predecessor: str = ""

    @property
    def logical_name(self) -> str:
        """The name in the program."""
        return self.urn.split("::", 3)[-1]

    @property
    def stack(self) -> str:
        """`PROJECT/STACK`, which everything that one program makes has in common."""
        stack, project, *_ = [*self.urn.removeprefix("urn:pulumi:").split("::"), ""]
        return f"{project}/{stack}"

    @property
    def digest(self) -> str:
        """32 hexadecimal digits."""
        return hashlib.sha256(f"{self.urn}\n{self.predecessor}".encode()).hexdigest()[:32]

    @property
    def mark(self) -> str:
        """`PROJECT/STACK@DIGEST`: what a created resource carries in the cloud; at most 256 characters, no `$`."""
        return f"{self.stack}@{self.digest[:16]}"
