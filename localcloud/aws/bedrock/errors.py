"""Bedrock's errors, in its words as public issue trackers quote them, and what each failure of a model is there.

ServiceError
├── InvalidModelError     ValidationException   no such id here; what there is, is named in a sentence of ours
├── OnDemandError         ValidationException   the model can only be called through a profile
├── InvalidRequestError   ValidationException   the conversation, or a parameter, is not what the model takes
└── NotServedError        UnsupportedOperation  AWS has it, the local cloud has not
"""

from __future__ import annotations

from collections.abc import Sequence

from localcloud.aws.protocol import ServiceError
from localcloud.model import ModelError


class InvalidModelError(ServiceError):
    def __init__(self, valid: Sequence[str]) -> None:
        here = ", ".join(valid) or "none in this region"
        text = f"The provided model identifier is invalid. (Of the local cloud's models, valid here: {here}.)"
        super().__init__("ValidationException", text, 400)


class OnDemandError(ServiceError):
    def __init__(self, identifier: str) -> None:
        text = (
            f"Invocation of model ID {identifier} with on-demand throughput isn’t supported. Retry your request with "  # noqa: RUF001
            "the ID or ARN of an inference profile that contains this model."
        )
        super().__init__("ValidationException", text, 400)


class InvalidRequestError(ServiceError):
    def __init__(self, message: str) -> None:
        super().__init__("ValidationException", message, 400)


class NotServedError(ServiceError):
    def __init__(self, what: str) -> None:
        super().__init__("UnsupportedOperation", f"The local cloud's Bedrock does not serve {what}.", 501)


def too_long(context_window: int) -> InvalidRequestError:
    """How Llama's models on Bedrock say it."""
    return InvalidRequestError(
        f"This model's maximum context length is {context_window} tokens. Please reduce the length of the prompt"
    )


def before_answer(failure: ModelError, context_window: int) -> ServiceError:
    """The HTTP error for a call that failed before anything was answered."""
    if failure.kind == "prompt_too_long":
        return too_long(context_window)
    code, message = _BEFORE.get(failure.kind, _MODEL_ERROR)
    more = {"originalStatusCode": 500} if code == "ModelErrorException" else {}
    return ServiceError(code, message, fields=more)


def within_answer(failure: ModelError) -> ServiceError:
    """The exception in the stream of a call that failed half-way."""
    code, message = _WITHIN.get(failure.kind, _STREAM_ERROR)
    more = {"originalStatusCode": 500, "originalMessage": message} if code == "ModelStreamErrorException" else {}
    return ServiceError(code, message, fields=more)


_THROTTLED = ("ThrottlingException", "Too many requests, please wait before trying again.")
_UNAVAILABLE = ("ServiceUnavailableException", "Bedrock is unable to process your request.")
_MODEL_ERROR = (
    "ModelErrorException",
    "The system encountered an unexpected error during processing. Try your request again.",
)
_STREAM_ERROR = ("ModelStreamErrorException", _MODEL_ERROR[1])
_BEFORE = {
    "throttled": _THROTTLED,
    "timed_out": ("ModelTimeoutException", "Model has timed out in processing the request. Try your request again."),
    "denied": ("AccessDeniedException", "You don't have access to the model with the specified model ID."),
    "unavailable": _UNAVAILABLE,
}
_WITHIN = {"throttled": _THROTTLED, "unavailable": _UNAVAILABLE}
