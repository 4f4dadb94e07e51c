"""Every error that the application answers with.

    ApplicationError
    ├── InvalidJsonError            400  invalid_json
    ├── InvalidBodyError            400  invalid_body
    ├── EmptyPromptError            400  empty_prompt
    ├── InvalidKeyError             400  invalid_key
    ├── InvalidQueryError           400  invalid_query
    ├── InvalidCursorError          400  invalid_cursor
    ├── InvalidPreconditionError    400  invalid_precondition
    ├── InvalidWebhookError         400  invalid_webhook
    ├── WebhookNotVerifiedError     401  webhook_not_verified
    ├── NotFoundError               404  not_found
    ├── ItemNotFoundError           404  item_not_found
    ├── MethodNotAllowedError       405  method_not_allowed
    ├── PreconditionFailedError     412  precondition_failed
    ├── ContentTooLargeError        413  content_too_large
    ├── PromptTooLongError          422  prompt_too_long
    ├── ModelRefusedError           422  model_refused
    ├── ModelThrottledError         429  model_throttled
    ├── InternalError               500  internal_error
    ├── ModelUnavailableError       503  model_unavailable
    └── ModelTimedOutError          504  model_timed_out

A code never changes once released: clients branch on it. Titles stand here because the standard library's differ
between Python versions (413 is "Request Entity Too Large" up to 3.12), and both clouds must send the same bytes.
"""

from collections.abc import Mapping
from typing import ClassVar


class ApplicationError(Exception):
    """An answer other than success; the message is the problem document's ``detail`` and may be read by anyone.

    :param headers: what the answer must carry beside it.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers


class InvalidJsonError(ApplicationError):
    """The body is not JSON that every cloud would read alike."""

    status = 400
    code = "invalid_json"
    title = "Bad Request"


class InvalidBodyError(ApplicationError):
    """The body is JSON, but not what this path takes."""

    status = 400
    code = "invalid_body"
    title = "Bad Request"


class EmptyPromptError(ApplicationError):
    """The prompt has nothing but white space."""

    status = 400
    code = "empty_prompt"
    title = "Bad Request"


class InvalidKeyError(ApplicationError):
    """No item can have this key."""

    status = 400
    code = "invalid_key"
    title = "Bad Request"


class InvalidQueryError(ApplicationError):
    """A query parameter that this path does not take, twice the same one, or a value that it cannot have."""

    status = 400
    code = "invalid_query"
    title = "Bad Request"


class InvalidCursorError(ApplicationError):
    """The cursor is none that a list with this prefix has given."""

    status = 400
    code = "invalid_cursor"
    title = "Bad Request"


class InvalidPreconditionError(ApplicationError):
    """If-Match or If-None-Match is malformed, or of a kind that cannot hold here."""

    status = 400
    code = "invalid_precondition"
    title = "Bad Request"


class InvalidWebhookError(ApplicationError):
    """The request has not the form of a webhook: a header is missing or malformed, or the body is too large."""

    status = 400
    code = "invalid_webhook"
    title = "Bad Request"


class WebhookNotVerifiedError(ApplicationError):
    """The webhook is of no known source, out of time, or not signed with a key of ours."""

    status = 401
    code = "webhook_not_verified"
    title = "Unauthorized"


class NotFoundError(ApplicationError):
    """No route has this path."""

    status = 404
    code = "not_found"
    title = "Not Found"


class ItemNotFoundError(ApplicationError):
    """There is no item with this key, or its time is over."""

    status = 404
    code = "item_not_found"
    title = "Not Found"


class MethodNotAllowedError(ApplicationError):
    """A route has this path, with other methods."""

    status = 405
    code = "method_not_allowed"
    title = "Method Not Allowed"


class PreconditionFailedError(ApplicationError):
    """What If-Match or If-None-Match asks does not hold; nothing was done."""

    status = 412
    code = "precondition_failed"
    title = "Precondition Failed"


class ContentTooLargeError(ApplicationError):
    """The body has more bytes than the application takes."""

    status = 413
    code = "content_too_large"
    title = "Content Too Large"


class PromptTooLongError(ApplicationError):
    """The prompt is longer than the application or the model takes.

    Not 413, which speaks of bytes and is also what both clouds answer themselves: this body was read and understood.
    """

    status = 422
    code = "prompt_too_long"
    title = "Unprocessable Content"


class ModelRefusedError(ApplicationError):
    """The model or its provider's safeguards will not answer this prompt."""

    status = 422
    code = "model_refused"
    title = "Unprocessable Content"


class ModelThrottledError(ApplicationError):
    """The model takes no more requests for now; ``retry-after`` says for how long."""

    status = 429
    code = "model_throttled"
    title = "Too Many Requests"


class InternalError(ApplicationError):
    """The application failed; why stands in its log and never in the answer."""

    status = 500
    code = "internal_error"
    title = "Internal Server Error"


class ModelUnavailableError(ApplicationError):
    """The model cannot be reached, or failed."""

    status = 503
    code = "model_unavailable"
    title = "Service Unavailable"


class ModelTimedOutError(ApplicationError):
    """The model took too long."""

    status = 504
    code = "model_timed_out"
    title = "Gateway Timeout"
