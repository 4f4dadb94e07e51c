"""Ids of what belongs to an HTTP API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.providers.aws.client import Aws
from localcloud.providers.protocol.errors import ProviderError


def child_ids(token: str, resource_id: str, known: Mapping[str, Any]) -> tuple[str, str]:
    """The API's id and the resource's own; on import from `API/ID`."""
    if known.get("apiId"):
        return str(known["apiId"]), resource_id
    api, found, own = resource_id.partition("/")
    if not found:
        raise ProviderError(f"{token}: the id {resource_id!r} must have the form API/ID")
    return api, own


def children(client: Aws, operation: str, api: str, region: str | None) -> Iterator[dict[str, Any]]:
    """All items of a paged list below an API."""
    token: str | None = None
    while True:
        answer = client.call("apigatewayv2", operation, region, ApiId=api, NextToken=token)
        yield from answer["Items"]
        token = answer.get("NextToken")
        if not token:
            return
