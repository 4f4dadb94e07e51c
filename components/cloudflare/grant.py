"""What a capability brings a Worker: bindings, and what must be done before the code that needs it goes live."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_cloudflare import WorkersScriptBindingArgs as Binding


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`before` runs before the script is created, and before each update of it."""

    bindings: tuple[Binding, ...]
    before: tuple[pulumi.ResourceHook, ...] = ()


__all__ = ["Binding", "Grant"]
