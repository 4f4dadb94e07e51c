"""What bindings lead to, which must be there when a script is uploaded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.cloudflare.workers.exceptions import NamespaceInvalidError, ValidationError


@dataclass(frozen=True, slots=True)
class Targets:
    """How other services are asked."""

    has_database: Callable[[str], bool] = lambda _: False
    has_namespace: Callable[[str], bool] = lambda _: False

    def check(self, bindings: Iterable[Mapping[str, Any]]) -> None:
        """Raises ValidationError, NamespaceInvalidError."""
        for binding in bindings:
            if binding["type"] == "d1" and not self.has_database(str(binding["id"])):
                message = f"binding {binding['name']} of type d1 must have a valid `id` specified"
                raise ValidationError(f"{message}; there is no database {binding['id']!r}")
            if binding["type"] == "kv_namespace" and not self.has_namespace(str(binding["namespace_id"])):
                raise NamespaceInvalidError(str(binding["namespace_id"]))
