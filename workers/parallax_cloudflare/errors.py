"""What can be wrong with how a Worker was deployed.

    DeploymentError
    └── ApplicationNotFoundError    application_not_found

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
