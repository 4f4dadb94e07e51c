"""Inputs that many AWS resources share."""

from __future__ import annotations

from typing import Final

from localcloud.providers.protocol.schema import Property

TEXT: Final = Property()
REPLACING: Final = Property(replaces=True)
REQUIRED: Final = Property(required=True)
IDENTITY: Final = Property(required=True, replaces=True)
FLAG: Final = Property("boolean")
NUMBER: Final = Property("integer")
STRINGS: Final = Property("set")
MAP: Final = Property("map")


def block(**fields: Property) -> Property:
    """A nested object."""
    return Property("object", fields=fields)
