"""Names of functions: plain, partial ARN or ARN, with or without a qualifier."""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.aws.protocol.service import ServiceError

_REFERENCE = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:|function:)?"
    r"(?P<name>[a-zA-Z0-9_-]{1,64})(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9_-]{1,128}))?"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Which function, and which version or alias of it, if one is named."""

    name: str
    qualifier: str | None


def parse(text: str, qualifier: str | None = None) -> Reference:
    """Reads a FunctionName, with the call's own Qualifier. Raises ServiceError."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        message = f"1 validation error detected: Value '{text}' at 'functionName' failed to satisfy constraint"
        raise ServiceError("ValidationException", message, 400)
    inner = found["qualifier"]
    if inner is not None and qualifier is not None and inner != qualifier:
        message = "The derived qualifier from the function name does not match the specified qualifier."
        raise ServiceError("InvalidParameterValueException", message, 400)
    return Reference(found["name"], inner or qualifier)
