"""Every error that the application answers with.

    ApplicationError
    ├── InvalidJsonError        400  invalid_json
    ├── NotFoundError           404  not_found
    ├── MethodNotAllowedError   405  method_not_allowed
    ├── ContentTooLargeError    413  content_too_large
    └── InternalError           500  internal_error

A code never changes once released: clients branch on it. Titles stand here because the standard library's differ
between Python versions (413 is "Request Entity Too Large" up to 3.12), and both clouds must send the same bytes.
"""

from typing import ClassVar


class ApplicationError(Exception):
    """An answer other than success; the message is the problem document's ``detail`` and may be read by anyone."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidJsonError(ApplicationError):
    """The body is not JSON that every cloud would read alike."""

    status = 400
    code = "invalid_json"
    title = "Bad Request"


class NotFoundError(ApplicationError):
    """No route has this path."""

    status = 404
    code = "not_found"
    title = "Not Found"


class MethodNotAllowedError(ApplicationError):
    """A route has this path, with other methods."""

    status = 405
    code = "method_not_allowed"
    title = "Method Not Allowed"


class ContentTooLargeError(ApplicationError):
    """The body has more bytes than the application takes."""

    status = 413
    code = "content_too_large"
    title = "Content Too Large"


class InternalError(ApplicationError):
    """The application failed; why stands in its log and never in the answer."""

    status = 500
    code = "internal_error"
    title = "Internal Server Error"
