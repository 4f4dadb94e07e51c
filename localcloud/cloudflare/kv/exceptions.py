"""Errors of Workers KV. Codes: cloudflare/workers-sdk `packages/wrangler/src/kv` and `packages/miniflare`'s explorer.

ApiError
├── NamespaceNotFoundError  10013
├── NamespaceExistsError    10014
├── KeyNotFoundError        10009
├── InvalidTitleError       10019
├── InvalidRequestError     10001  a body that is not what it must be
├── ValueRefusedError       10033  a key, a value or an expiration beyond its limits
└── StorageRestartingError  10002  ask again
"""

from localcloud.cloudflare.exceptions import ApiError, error


class NamespaceNotFoundError(ApiError):
    """`what` is what was asked of it: `get`, `put`, `list keys`."""

    def __init__(self, what: str) -> None:
        super().__init__(404, error(10013, f"{what}: 'namespace not found'"))


class NamespaceExistsError(ApiError):
    def __init__(self) -> None:
        super().__init__(400, error(10014, "a namespace with this account ID and title already exists"))


class KeyNotFoundError(ApiError):
    def __init__(self) -> None:
        super().__init__(404, error(10009, "get: 'key not found'"))


class InvalidTitleError(ApiError):
    def __init__(self) -> None:
        super().__init__(400, error(10019, "the title must be a string of 1 to 512 bytes"))


class InvalidRequestError(ApiError):
    def __init__(self, message: str) -> None:
        super().__init__(400, error(10001, message))


class ValueRefusedError(ApiError):
    def __init__(self, what: str, message: str, status: int) -> None:
        super().__init__(status, error(10033, f"{what}: '{message}'"))


class StorageRestartingError(ApiError):
    def __init__(self) -> None:
        super().__init__(
            503,
            error(10002, "An unknown error has occurred."),
            hint="the Worker host is being restarted; try again, and see `python -m localcloud status`",
        )
