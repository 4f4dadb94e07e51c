"""The capability "secrets" on Cloudflare: secret bindings of the Worker, which nobody can read back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from components.cloudflare.grant import Binding, Grant
from components.errors import ArgumentError
from components.limits import WORKER_VARIABLE
from components.secret_value import SecretValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """`values` by their declared names, which are the bindings' too."""

    values: Mapping[str, SecretValue]

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            if not re.fullmatch(r"[^\W\d]\w*", name, re.ASCII):
                raise ArgumentError("Secrets", "values", f"has {name!r}, which is no name for a binding")
            if (size := len(value.text.encode())) > WORKER_VARIABLE:
                message = f"has {name} with {size} bytes; Cloudflare allows {WORKER_VARIABLE}"
                raise ArgumentError("Secrets", "values", message)

    @property
    def grant(self) -> Grant:
        """A binding each."""
        return Grant(
            bindings=tuple(
                Binding(type="secret_text", name=name, text=value.output())
                for name, value in sorted(self.values.items())
            )
        )
