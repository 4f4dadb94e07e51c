"""Errors of zones and Workers routes.

ApiError
├── ZoneNotFoundError         7003
├── ZoneExistsError           1061
├── InvalidZoneError          1049
├── RouteMissingError         10009
├── InvalidPatternError       10022
├── DuplicatePatternError     10020
└── RouteScriptMissingError   10019
"""

from localcloud.cloudflare.exceptions import ApiError, error


class ZoneNotFoundError(ApiError):
    def __init__(self, zone_id: str) -> None:
        message = f"Could not route to /zones/{zone_id}, perhaps your object identifier is invalid?"
        super().__init__(404, error(7003, message))


class ZoneExistsError(ApiError):
    def __init__(self, name: str) -> None:
        super().__init__(400, error(1061, f"{name} already exists"))


class InvalidZoneError(ApiError):
    def __init__(self, name: object) -> None:
        super().__init__(400, error(1049, f"{name} is not a registered domain"))


class RouteMissingError(ApiError):
    def __init__(self) -> None:
        super().__init__(404, error(10009, "workers.api.error.route_not_found"))


class InvalidPatternError(ApiError):
    def __init__(self, pattern: object, zone: str) -> None:
        hint = f"{pattern!r} must be HOST/PATH, the host in {zone}; * only where the host begins and the path ends"
        super().__init__(400, error(10022, "workers.api.error.invalid_route_pattern"), hint=hint)


class DuplicatePatternError(ApiError):
    def __init__(self) -> None:
        super().__init__(409, error(10020, "A route with the same pattern already exists."))


class RouteScriptMissingError(ApiError):
    def __init__(self) -> None:
        message = (
            "Cannot configure a route for a Worker which does not exist. "
            "Please ensure this Worker exists and try again."
        )
        super().__init__(400, error(10019, message))
