"""What can be wrong with how a function was deployed, and what a service of AWS may answer instead of what was asked.

    DeploymentError
    ├── ApplicationNotFoundError    application_not_found
    ├── CapabilityMissingError      capability_missing
    ├── UnsupportedEventError       unsupported_event
    └── LifespanError               lifespan_failed
    ServiceError                    the service's own code

Lambda records these as the function's error and keeps the text from the HTTP client.
"""

from typing import ClassVar


class DeploymentError(Exception):
    """The function cannot serve as it was deployed; the message says what to change."""

    code: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"


class ApplicationNotFoundError(DeploymentError):
    """PARALLAX_APPLICATION names nothing that can be imported and called."""

    code = "application_not_found"


class CapabilityMissingError(DeploymentError):
    """The application asks for a port that its AppSpec does not declare: the variable that names it is not there."""

    code = "capability_missing"


class UnsupportedEventError(DeploymentError):
    """The event is of a source that this handler does not serve."""

    code = "unsupported_event"


class LifespanError(DeploymentError):
    """The application said ``lifespan.startup.failed``."""

    code = "lifespan_failed"


class ServiceError(Exception):
    """A service refused a call, or did not answer. What the port knows no value for is a fault, and passes.

    ``code`` is the service's own (``ThrottlingException``), or the SDK's name of what went wrong on the way
    (``ReadTimeoutError``); ``retry_after`` is in seconds, 0 where the service said nothing. What was asked, and so
    whatever might be secret, is in none of them.
    """

    def __init__(self, service: str, code: str, *, message: str = "", retry_after: int = 0) -> None:
        super().__init__(f"{service}: {code}: {message}" if message else f"{service}: {code}")
        self.service = service
        self.code = code
        self.message = message
        self.retry_after = retry_after
