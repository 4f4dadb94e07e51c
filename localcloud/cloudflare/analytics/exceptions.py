"""Errors of the GraphQL Analytics API: developers.cloudflare.com/analytics/graphql-api/errors.

QueryError                what a query is refused for
├── NotAuthorizedError    another account
└── QuotaError            more than the dataset gives
"""

from __future__ import annotations


class QueryError(Exception):
    """Its words are Cloudflare's; `code` is in `extensions`, `hint` is ours."""

    status = 400
    code = ""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NotAuthorizedError(QueryError):
    """An account that the token has no rights in."""

    status = 403
    code = "authz"

    def __init__(self, hint: str) -> None:
        super().__init__("not authorized for that account", hint)


class QuotaError(QueryError):
    """Too long ago, too long a time, or too many rows."""

    code = "quota"
