"""What every service here raises: an error with Cloudflare's own status, code and words.

ApiError
├── RouteNotFoundError        7003, 7000
├── AuthenticationError       9106, 6003, 10000
├── MalformedJsonError        6007
├── InternalError             10002, a defect of ours
└── … each service's own, in its exceptions.py
"""

from typing import Any


class ApiError(Exception):
    """`errors` go into the envelope as they are; `hint` is ours, and goes into its `messages`."""

    def __init__(self, status: int, *errors: dict[str, Any], hint: str = "") -> None:
        super().__init__("; ".join(f"{error['message']} ({error['code']})" for error in errors))
        self.status = status
        self.errors = errors
        self.hint = hint

    @property
    def code(self) -> int:
        return int(self.errors[0]["code"])


def error(code: int, message: str, **more: Any) -> dict[str, Any]:
    """One entry of the envelope's `errors`."""
    return {"code": code, "message": message, **more}


class RouteNotFoundError(ApiError):
    """No such URL, or an identifier in it that is not one."""

    def __init__(self, path: str) -> None:
        message = f"Could not route to {path}, perhaps your object identifier is invalid?"
        super().__init__(404, error(7003, message), error(7000, "No route for that URI"))


class AuthenticationError(ApiError):
    """Who asks is unknown or unwanted."""

    @classmethod
    def missing(cls) -> "AuthenticationError":
        return cls(400, error(9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"))

    @classmethod
    def malformed(cls) -> "AuthenticationError":
        chain = [error(6111, "Invalid format for Authorization header")]
        return cls(400, error(6003, "Invalid request headers", error_chain=chain))

    @classmethod
    def refused(cls, hint: str) -> "AuthenticationError":
        return cls(403, error(10000, "Authentication error"), hint=hint)


class MalformedJsonError(ApiError):
    """A body that is no JSON, or not the JSON that is meant."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(400, error(6007, "Malformed JSON in request body"), hint=hint)


class InternalError(ApiError):
    """A defect of ours, in the shape of the API."""

    def __init__(self) -> None:
        super().__init__(
            500, error(10002, "An unknown error has occurred."), hint="The local cloud's log has the cause."
        )
