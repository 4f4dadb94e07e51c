"""A secret value of the stack's config, which shows nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True, slots=True)
class SecretValue:
    """Its text leaves this program as an encrypted output, and in no other form: its own form is `SecretValue()`."""

    text: str = field(repr=False)

    def output(self) -> pulumi.Output[str]:
        """The value as the engine keeps secrets: encrypted in the state, not shown in a preview."""
        return pulumi.Output.secret(self.text)

    def __str__(self) -> str:
        return "[secret]"
