"""What can be wrong with how a Worker was deployed, and what a binding may throw instead of what was asked.

    DeploymentError
    ├── ApplicationNotFoundError    application_not_found
    └── CapabilityMissingError      capability_missing
    ServiceError                    the service's own code, where it has one

At the top level Cloudflare refuses the upload with the text; in a request it logs it and answers error 1101.
"""

from typing import ClassVar


class DeploymentError(Exception):
    """The Worker cannot serve as it was deployed; the message says what to change."""

    code: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"


class ApplicationNotFoundError(DeploymentError):
    """PARALLAX_APPLICATION names nothing that can be imported and called."""

    code = "application_not_found"


class CapabilityMissingError(DeploymentError):
    """The application asks for a port that its AppSpec does not declare: the binding that gives it is not there."""

    code = "capability_missing"


class ServiceError(Exception):
    """A binding threw. What the port knows no value for is a fault, and passes.

    ``code`` is the service's own, empty where it has none. What was asked, and so whatever may be secret, is not in it.
    """

    def __init__(self, service: str, code: str, message: str) -> None:
        super().__init__(f"{service}: {message}")
        self.service = service
        self.code = code
        self.message = message
