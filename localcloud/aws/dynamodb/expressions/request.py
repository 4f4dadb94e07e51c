"""All expressions of one request, with the names and values that they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from localcloud.aws.dynamodb.errors import invalid, unserved
from localcloud.aws.dynamodb.expressions.binding import bind_condition, bind_projection, bind_update
from localcloud.aws.dynamodb.expressions.conditions import read_condition
from localcloud.aws.dynamodb.expressions.placeholders import Placeholders
from localcloud.aws.dynamodb.expressions.tokens import ExpressionError
from localcloud.aws.dynamodb.expressions.tree import Action, Condition, Path
from localcloud.aws.dynamodb.expressions.updates import read_projection, read_update
from localcloud.aws.dynamodb.table import Table

_LEGACY: Final[Mapping[str, str]] = {
    "AttributesToGet": "ProjectionExpression",
    "AttributeUpdates": "UpdateExpression",
    "ConditionalOperator": "ConditionExpression",
    "Expected": "ConditionExpression",
    "KeyConditions": "KeyConditionExpression",
    "QueryFilter": "FilterExpression",
    "ScanFilter": "FilterExpression",
}


class Expressions:
    """Reads them one by one; then `finish`. Raises ServiceError."""

    def __init__(self, params: Mapping[str, Any], *kinds: str) -> None:
        for name, instead in _LEGACY.items():
            if params.get(name) is not None:
                raise unserved(f"the legacy parameter {name}", f"use {instead}.")
        self._params = params
        names, values = params.get("ExpressionAttributeNames"), params.get("ExpressionAttributeValues")
        if names is not None and all(params.get(kind) is None for kind in kinds):
            raise invalid("ExpressionAttributeNames can only be specified when using expressions")
        valued = [kind for kind in kinds if kind != "ProjectionExpression"]
        if values is not None and all(params.get(kind) is None for kind in valued):
            verb = "are" if len(valued) > 1 else "is"
            raise invalid(
                "ExpressionAttributeValues can only be specified when using expressions: "
                f"{' and '.join(valued)} {verb} null"
            )
        self._found = Placeholders(names, values)

    def condition(self, kind: str = "ConditionExpression") -> Condition | None:
        """A condition of that parameter, or None."""
        text = self._params.get(kind)
        if text is None:
            return None
        try:
            return bind_condition(read_condition(text), self._found)
        except ExpressionError as error:
            raise invalid(f"Invalid {kind}: {error}") from None

    def filter(self) -> tuple[Condition | None, frozenset[str]]:
        """The filter, and the attributes that it names."""
        before = self._found.heads
        self._found.heads = set()
        condition = self.condition("FilterExpression")
        named = frozenset(self._found.heads)
        self._found.heads |= before
        return condition, named

    def update(self) -> tuple[Action, ...]:
        """The actions of the update; none without one."""
        text = self._params.get("UpdateExpression")
        if text is None:
            return ()
        try:
            return bind_update(read_update(text), self._found)
        except ExpressionError as error:
            raise invalid(f"Invalid UpdateExpression: {error}") from None

    def projection(self) -> tuple[Path, ...] | None:
        """The paths of the projection, or None."""
        text = self._params.get("ProjectionExpression")
        if text is None:
            return None
        try:
            return bind_projection(read_projection(text), self._found)
        except ExpressionError as error:
            raise invalid(f"Invalid ProjectionExpression: {error}") from None

    def finish(self) -> None:
        """Raises ServiceError where names or values were given for nothing."""
        self._found.finish()

    def check_keys(self, table: Table) -> None:
        """Raises ServiceError where a path leads into a key attribute, which has no inside."""
        for attribute in table.keys:
            if attribute.name in self._found.nested:
                raise invalid(
                    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
                    f"Key: {attribute.name}"
                )
