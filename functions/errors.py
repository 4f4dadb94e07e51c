"""What can be wrong with how a function was deployed.

    DeploymentError
    ├── ApplicationNotFoundError    application_not_found
    ├── UnsupportedEventError       unsupported_event
    └── LifespanError               lifespan_failed

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


class UnsupportedEventError(DeploymentError):
    """The event is of a source that this handler does not serve."""

    code = "unsupported_event"


class LifespanError(DeploymentError):
    """The application said ``lifespan.startup.failed``."""

    code = "lifespan_failed"
