"""Errors of the Workers API. Codes: cloudflare/workers-sdk `packages/workers-utils`, and answers in its issues.

ApiError
├── ScriptNotFoundError       10007
├── ServiceNotFoundError      10090
├── InvalidScriptNameError    10016
├── ValidationError           10021  the upload, or what its top level did
├── ScriptTooLargeError       10027
├── UnresolvableInheritError  10057
├── BindingNameInUseError     10053
├── BindingNotFoundError      10056
├── NamespaceInvalidError     10041  a binding to a KV namespace that is not there
├── HostRestartingError       10013  ask again
└── NotServedError            10405  Cloudflare has it, the local cloud has not
"""

from localcloud.cloudflare.exceptions import ApiError, error


class ScriptNotFoundError(ApiError):
    def __init__(self) -> None:
        super().__init__(404, error(10007, "This Worker does not exist on your account."))


class ServiceNotFoundError(ApiError):
    def __init__(self) -> None:
        super().__init__(404, error(10090, "This service does not exist on your account."))


class InvalidScriptNameError(ApiError):
    def __init__(self, name: str) -> None:
        super().__init__(
            400,
            error(10016, "workers.api.error.invalid_script_name"),
            hint=f"{name!r} must have 1 to 63 characters, of a to z, 0 to 9, - and _, and neither - nor _ at its ends",
        )


class ValidationError(ApiError):
    """The upload is refused, and the version before it goes on."""

    def __init__(self, message: str, code: int = 10021) -> None:
        super().__init__(400, error(code, message))


class ScriptTooLargeError(ApiError):
    def __init__(self, limit_mib: int, largest: str) -> None:
        message = f"Your Worker exceeded the size limit of {limit_mib} MiB."
        super().__init__(413, error(10027, message), hint=f"its largest modules: {largest}")


class UnresolvableInheritError(ApiError):
    def __init__(self, name: str) -> None:
        message = f"inherit binding '{name}' is invalid because the previous version of the Worker has no such binding"
        super().__init__(400, error(10057, message))


class BindingNameInUseError(ApiError):
    """By a binding of another type than the one that shall have it."""

    def __init__(self, name: str) -> None:
        message = f"Binding name '{name}' already in use. Please use a different name and try again."
        super().__init__(400, error(10053, message))


class BindingNotFoundError(ApiError):
    def __init__(self, name: str) -> None:
        super().__init__(404, error(10056, f"Binding '{name}' not found."))


class NamespaceInvalidError(ApiError):
    def __init__(self, identity: str) -> None:
        message = f"KV namespace '{identity}' not found. Please verify the namespace_id in your configuration."
        super().__init__(400, error(10041, message))


class HostRestartingError(ApiError):
    def __init__(self) -> None:
        super().__init__(
            503,
            error(10013, "workers.api.error.unknown"),
            hint="the Worker host is being restarted; try again, and see `python -m localcloud status`",
        )


class NotServedError(ApiError):
    def __init__(self, what: str) -> None:
        super().__init__(501, error(10405, f"{what} are not served by the local cloud yet"))
