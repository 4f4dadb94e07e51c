"""What can be wrong with a deployment before anything of it exists.

ComponentError                 every error of this package; ends the program with its message and no traceback
├── SettingsError              stack config with wrong, missing or unknown keys
├── CapabilityMissingError     the application asks for what a chosen target does not build
├── ArgumentError              a component's arguments do not fit together, or break a cloud's limit
└── PackagingError
    ├── SourceMissingError          a folder, a file or the application's module is not there
    ├── NameCollisionError          two sources bring a file of the same name
    ├── RequirementsUnresolvedError a required package has no wheel for the cloud's platform, or could not be fetched
    └── PackageTooLargeError        the package is over the cloud's limit
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pulumi


class ComponentError(pulumi.RunError):
    """What is wrong, where, what to do next; `code` is stable. The engine prints the message without a traceback."""

    code: ClassVar[str] = "ComponentError"

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} [{self.code}]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong config value. `value` is None where the key is missing or unknown."""

    key: str
    value: str | None
    message: str


class SettingsError(ComponentError):
    """Stack config is wrong: every problem at once, each with its key, its value and the valid ones."""

    code = "InvalidSettings"

    def __init__(self, stack: str, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        lines = "\n".join(f"  {problem.key}: {problem.message}" for problem in problems)
        super().__init__(
            f"the config of stack {stack!r} is not valid, and nothing was created:\n{lines}\n"
            f"Change one with `pulumi config set KEY VALUE`, or remove it with `pulumi config rm KEY`."
        )


class CapabilityMissingError(ComponentError):
    """The application asks for capabilities (by target, as AppSpec names them) that a chosen target does not build."""

    code = "CapabilityMissing"

    def __init__(self, application: str, missing: Mapping[str, tuple[str, ...]]) -> None:
        self.missing = missing
        listed = "; ".join(
            f"the target {target} does not build {', '.join(names)}" for target, names in missing.items()
        )
        super().__init__(
            f"{application} cannot be deployed, and nothing was created: {listed}. "
            f"Take them out of the application's AppSpec, or choose another target."
        )


class ArgumentError(ComponentError):
    """A component's plain arguments break a rule of its cloud."""

    code = "InvalidArgument"

    def __init__(self, component: str, argument: str, message: str) -> None:
        self.component = component
        self.argument = argument
        super().__init__(f"{component}: {argument} {message}")


class PackagingError(ComponentError):
    """The deployment package could not be made."""

    code = "PackagingError"


class SourceMissingError(PackagingError):
    """A configured folder, file or module does not exist."""

    code = "SourceMissing"

    def __init__(self, key: str, value: str, message: str) -> None:
        self.key = key
        self.value = value
        super().__init__(f"{key} is {value!r}: {message}")


class NameCollisionError(PackagingError):
    """Two sources of a package bring different files of one name."""

    code = "NameCollision"

    def __init__(self, name: str, first: str, second: str) -> None:
        self.name = name
        super().__init__(
            f"{name} would be deployed twice, from {first} and from {second}. "
            f"Rename the one in your application: the other belongs to the entry points or their packages."
        )


class RequirementsUnresolvedError(PackagingError):
    """The packages of a requirements file could not be had for the cloud's platform."""

    code = "RequirementsUnresolved"

    def __init__(self, requirements: str, platform: str, package: str | None, detail: str) -> None:
        self.requirements = requirements
        self.platform = platform
        self.package = package
        what = f"no wheel of {package} was found for {platform}" if package else f"packages for {platform} failed"
        super().__init__(
            f"{requirements}: {what}. A package with compiled code needs a wheel built for that platform; choose "
            f"another version or another package, or check that the package index can be reached.\n{detail}"
        )


class PackageTooLargeError(PackagingError):
    """A package is over its cloud's limit. `parts` are (name, bytes), the largest first."""

    code = "PackageTooLarge"

    def __init__(self, what: str, size: int, limit: int, source: str, parts: tuple[tuple[str, int], ...]) -> None:
        self.size = size
        self.limit = limit
        self.parts = parts
        listed = "\n".join(f"  {part_size / 1e6:8.2f} MB  {name}" for name, part_size in parts)
        super().__init__(
            f"{what} is {size / 1e6:.2f} MB, over the limit of {limit / 1e6:.2f} MB ({source}). Its largest parts:\n"
            f"{listed}\nRemove packages that the application does not need at run time from its requirements."
        )
