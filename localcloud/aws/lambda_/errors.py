"""Lambda's errors, in its own words."""

from __future__ import annotations

from localcloud.aws.protocol.service import ServiceError


def missing(what: str) -> ServiceError:
    """404. `what` is such as `Function not found: ARN`."""
    return ServiceError("ResourceNotFoundException", what, 404)


def invalid(message: str) -> ServiceError:
    """400, a value that Lambda itself refuses."""
    return ServiceError("InvalidParameterValueException", message, 400)


def conflict(message: str) -> ServiceError:
    """409."""
    return ServiceError("ResourceConflictException", message, 409)


def stale_revision() -> ServiceError:
    """412."""
    text = (
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve "
        "the latest Revision Id"
    )
    return ServiceError("PreconditionFailedException", text, 412)


def throttled() -> ServiceError:
    """429."""
    reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
    return ServiceError("TooManyRequestsException", "Rate Exceeded.", 429, {"Reason": reason})
