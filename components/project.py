"""Where things lie in the project's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from components.settings import Settings


@dataclass(frozen=True, slots=True)
class Project:
    """The project's folder `root`, and the stack that is deployed from it."""

    root: Path
    stack: str

    @property
    def build(self) -> Path:
        """What was built for the stack; the engine reads it from there."""
        return self.root / ".parallax" / "build" / self.stack

    @property
    def package_cache(self) -> Path:
        """Packages resolved before, of every stack."""
        return self.root / ".parallax" / "packages"

    def relative(self, path: Path) -> str:
        """The path as the stack's state holds it: the same on each machine."""
        return path.relative_to(self.root).as_posix()

    def requirements(self, settings: Settings, entry_points: Path) -> list[Path]:
        """The requirements files to deploy: the application's, which goes first, and the entry points' where they have
        one.
        """
        own = [self.root / settings.requirements] if settings.requirements else []
        return own + [file for file in [entry_points / "requirements.txt"] if file.is_file()]
