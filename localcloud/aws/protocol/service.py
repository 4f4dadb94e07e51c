"""What a service of ours is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from localcloud.aws.ports import RoleSession


@dataclass(frozen=True, slots=True)
class CallContext:
    """Where a call came in, and as whom. `endpoint` is this front door's base URL, without a slash at the end."""

    region: str
    account: str
    endpoint: str
    session: RoleSession | None = None  # None: the account's administrator


class Service(Protocol):
    """One AWS service. `name` is botocore's: "lambda", "apigatewayv2", "logs".

    A service may also have `documents`, names of structures that it reads, checks and writes itself, in wire form.
    """

    name: str

    async def call(self, operation: str, params: dict[str, Any], context: CallContext) -> dict[str, Any]:
        """Runs an operation (`CreateFunction`) on parameters by their model names, and answers by model names.

        Parameters are already checked against the model. Blobs are bytes, timestamps are aware datetimes. In answers,
        None stands for an absent member. Raises ServiceError.
        """


class ServiceError(Exception):
    """An error that the caller sees. `code` is the exception's name in the model; `status` defaults to the model's."""

    def __init__(
        self, code: str, message: str, status: int | None = None, fields: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.fields: Mapping[str, Any] = fields or {}


def unsupported(service: str, operation: str, supported: Iterable[str]) -> ServiceError:
    """The error for an operation that exists on AWS but not here."""
    known = ", ".join(sorted(supported))
    text = f"The local cloud does not implement {service} {operation}. It implements: {known}."
    return ServiceError("UnsupportedOperation", text, 501)
