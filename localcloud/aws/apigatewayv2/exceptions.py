"""The errors of the control plane, with AWS's own codes."""

from __future__ import annotations

from localcloud.aws.protocol import ServiceError


class NotFoundError(ServiceError):
    """An identifier that names nothing."""

    def __init__(self, kind: str, named: str) -> None:
        super().__init__(
            "NotFoundException", f"Invalid {kind} identifier specified {named}", 404, {"ResourceType": kind}
        )


class BadRequestError(ServiceError):
    """A value that the service does not take."""

    def __init__(self, message: str) -> None:
        super().__init__("BadRequestException", message, 400)


class ConflictError(ServiceError):
    """Something of that key exists already, or is still used."""

    def __init__(self, message: str) -> None:
        super().__init__("ConflictException", message, 409)
