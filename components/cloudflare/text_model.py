"""The capability "text model" on Cloudflare: a model of Workers AI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from components.cloudflare.grant import Binding, Grant
from components.errors import ArgumentError

MODELS: Final[Mapping[str, str]] = MappingProxyType(
    {"llama-3.3-70b-instruct": "@cf/meta/llama-3.3-70b-instruct-fp8-fast"}
)
"""Portable names, and what they are here: https://developers.cloudflare.com/workers-ai/models/"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextModel:
    """`model` is an id of Cloudflare's catalogue."""

    model: str

    @classmethod
    def chosen(cls, name: str, model: str | None) -> TextModel:
        """The model that a stack's config names, or else the portable name's. Raises ArgumentError."""
        if model is None and name not in MODELS:
            known = ", ".join(MODELS)
            message = f"is {name!r}, which has no id here; set one with `pulumi config set cloudflareTextModel ID`, or"
            raise ArgumentError("TextModel", "name", f"{message} take one of: {known}")
        return cls(model=model or MODELS[name])

    @property
    def grant(self) -> Grant:
        """The binding gives every model; the variable says which one is meant."""
        model = Binding(type="plain_text", name="PARALLAX_TEXT_MODEL", text=self.model)
        return Grant(bindings=(Binding(type="ai", name="AI"), model))
