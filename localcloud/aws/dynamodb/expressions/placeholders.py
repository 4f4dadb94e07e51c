"""The `#names` and `:values` of one request, and which of them its expressions use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from localcloud.aws.dynamodb.errors import invalid
from localcloud.aws.dynamodb.expressions.reserved import RESERVED
from localcloud.aws.dynamodb.expressions.tokens import ExpressionError
from localcloud.aws.dynamodb.expressions.tree import Path
from localcloud.aws.dynamodb.values import Value, checked
from localcloud.aws.protocol import ServiceError

_NAME: Final = re.compile(r"#[0-9a-zA-Z_]+")
_VALUE: Final = re.compile(r":[0-9a-zA-Z_]+")
_NUMERIC: Final = "ExpressionAttributeValues contains invalid value: "


class Placeholders:
    """Looks names and values up. Raises ServiceError where the request's maps are wrong in themselves."""

    def __init__(self, names: Mapping[str, str] | None, values: Mapping[str, Any] | None) -> None:
        self._names = {} if names is None else _checked_names(names)
        self._values = {} if values is None else _checked_values(values)
        self._unused_names = set(self._names)
        self._unused_values = set(self._values)
        self.heads: set[str] = set()
        self.nested: set[str] = set()

    def path(self, raw: Path) -> Path:
        """The path with its names put in. Raises ExpressionError.

        `heads` gathers the attributes that were named, `nested` those of them that paths lead into.
        """
        path = tuple(step if isinstance(step, int) else self._name(step) for step in raw)
        self.heads.add(str(path[0]))
        if len(path) > 1:
            self.nested.add(str(path[0]))
        return path

    def value(self, name: str) -> Value:
        """The value of that name. Raises ExpressionError."""
        found = self._values.get(name)
        if found is None:
            raise ExpressionError(
                f"An expression attribute value used in expression is not defined; attribute value: {name}"
            )
        self._unused_values.discard(name)
        return found

    def finish(self) -> None:
        """Raises ServiceError where something was given that no expression uses."""
        for kind, unused in (("Names", self._unused_names), ("Values", self._unused_values)):
            if unused:
                raise invalid(
                    f"Value provided in ExpressionAttribute{kind} unused in expressions: "
                    f"keys: {{{', '.join(sorted(unused))}}}"
                )

    def _name(self, step: str) -> str:
        if step[0] != "#":
            if step.upper() in RESERVED:
                raise ExpressionError(f"Attribute name is a reserved keyword; reserved keyword: {step}")
            return step
        found = self._names.get(step)
        if found is None:
            raise ExpressionError(
                f"An expression attribute name used in the document path is not defined; attribute name: {step}"
            )
        self._unused_names.discard(step)
        return found


def _checked_names(names: Mapping[str, str]) -> dict[str, str]:
    if not names:
        raise invalid("ExpressionAttributeNames must not be empty")
    for key, name in names.items():
        if not _NAME.fullmatch(key):
            raise invalid(f'ExpressionAttributeNames contains invalid key: Syntax error; key: "{key}"')
        if not name:
            raise invalid(f"ExpressionAttributeNames contains invalid value: Empty attribute name for key {key}")
    return dict(names)


def _checked_values(values: Mapping[str, Any]) -> dict[str, Value]:
    if not values:
        raise invalid("ExpressionAttributeValues must not be empty")
    found: dict[str, Value] = {}
    for key, value in values.items():
        if not _VALUE.fullmatch(key):
            raise invalid(f'ExpressionAttributeValues contains invalid key: Syntax error; key: "{key}"')
        try:
            found[key] = checked(value)[0]
        except ServiceError as error:
            if error.code != "ValidationException":
                raise
            raise invalid(f"{_NUMERIC}{error.message} for key {key}") from None
    return found
