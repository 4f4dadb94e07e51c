"""Errors of D1. Codes: cloudflare/workers-sdk `packages/wrangler/src/d1`, and answers in its issues.

ApiError
├── DatabaseNotFoundError    7404
├── DatabaseExistsError      7502
├── InvalidRequestError      7400
├── QueryFailedError         7500  with SQLite's own words
├── StorageRestartingError   7500  ask again
└── NotServedError           7501  Cloudflare has it, the local cloud has not
"""

from localcloud.cloudflare.exceptions import ApiError, error


class DatabaseNotFoundError(ApiError):
    def __init__(self, uuid: str) -> None:
        super().__init__(404, error(7404, f"The database {uuid} could not be found"))


class DatabaseExistsError(ApiError):
    def __init__(self, name: str) -> None:
        super().__init__(400, error(7502, f"A database with the name '{name}' already exists"))


class InvalidRequestError(ApiError):
    """The body, or an identifier, is not what it must be."""

    def __init__(self, message: str) -> None:
        super().__init__(400, error(7400, message))


class QueryFailedError(ApiError):
    """The statement is at fault, or what it met in the database."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(status, error(7500, message))


class StorageRestartingError(ApiError):
    def __init__(self) -> None:
        super().__init__(
            503,
            error(7500, "internal error"),
            hint="the Worker host is being restarted; try again, and see `python -m localcloud status`",
        )


class NotServedError(ApiError):
    def __init__(self, what: str) -> None:
        super().__init__(501, error(7501, f"{what} is not served by the local cloud"))
