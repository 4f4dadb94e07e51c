"""What a query asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode


def dimensions(info: GraphQLResolveInfo[Any]) -> list[str]:
    """The dimensions that a query asks for: rows are grouped by these."""
    found: dict[str, None] = {}
    for node in info.field_nodes:
        for group in _fields(node.selection_set, info):
            if group.name.value == "dimensions":
                found |= dict.fromkeys(field.name.value for field in _fields(group.selection_set, info))
    found.pop("__typename", None)
    return list(found)


def _fields(selections: SelectionSetNode | None, info: GraphQLResolveInfo[Any]) -> Iterator[FieldNode]:
    for selection in selections.selections if selections else ():
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _fields(selection.selection_set, info)
        elif isinstance(selection, FragmentSpreadNode):
            yield from _fields(info.fragments[selection.name.value].selection_set, info)
