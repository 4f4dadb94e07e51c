"""What a user may choose about the local cloud, and the parts that follow from it."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from localcloud.child import Part
from localcloud.paths import Folders

AWS_PORT = 4566
CLOUDFLARE_PORT = 4567


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of `start`; None leaves the choice to the part."""

    data: Path
    aws_port: int = AWS_PORT
    cloudflare_port: int = CLOUDFLARE_PORT
    lambda_runtimes: Path | None = None
    max_environments: int | None = None
    node: Path | None = None

    def to_arguments(self) -> list[str]:
        """The options of `start` that give these settings again."""
        arguments = ["--data", str(self.data)]
        arguments += ["--aws-port", str(self.aws_port), "--cloudflare-port", str(self.cloudflare_port)]
        arguments += _option("--node", self.node) + _option("--lambda-runtimes", self.lambda_runtimes)
        return arguments + _option("--max-environments", self.max_environments)

    def to_json(self) -> dict[str, Any]:
        return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Settings":
        paths = {name: Path(fields[name]) for name in ("data", "lambda_runtimes", "node") if fields.get(name)}
        return cls(**{**fields, **paths})

    def parts(self) -> tuple[Part, ...]:
        """The supervisor's children, as docs/architecture.md describes them."""
        folders = Folders(self.data)
        lambda_options = _option("--runtimes", self.lambda_runtimes)
        lambda_options += _option("--max-environments", self.max_environments)
        return (
            _part(folders, "aws", self.aws_port, lambda_options),
            _part(folders, "cloudflare", self.cloudflare_port, _option("--node", self.node)),
        )


def _part(folders: Folders, name: str, port: int, more: Sequence[str]) -> Part:
    return Part(
        name=name,
        port=port,
        program=(sys.executable, "-m", f"localcloud.{name}"),
        arguments=(
            *("--data", str(folders.part_data(name)), "--logs", str(folders.logs)),
            *("--control", str(folders.control_socket(name)), "--model", str(folders.model_file), *more),
        ),
    )


def _option(name: str, value: object | None) -> list[str]:
    return [] if value is None else [name, str(value)]
