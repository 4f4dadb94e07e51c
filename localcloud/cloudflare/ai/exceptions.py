"""Errors of Workers AI: developers.cloudflare.com/workers-ai/platform/errors, and answers quoted in public issues.

ApiError
└── AiError
    ├── NoSuchModelError    5007
    ├── BadInputError       5006  the inputs are not what the model's schema has
    ├── TooLongError        5021  prompt and `max_tokens` together
    ├── NoGatewayError      2001  no AI Gateway of that name; the local cloud has none
    ├── NotServedError      10405 Cloudflare has it, the local cloud has not
    └── ModelFailedError    what came of the model itself

A departure: what a content filter or an AI Gateway guardrail refuses is 2016 in either case.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from localcloud.cloudflare.exceptions import ApiError, error
from localcloud.model import ModelError


class AiError(ApiError):
    """`name` and `description` are Cloudflare's; the REST API and the binding put them together each in its own way."""

    def __init__(self, status: int, code: int, description: str, *, name: str = "AiError", hint: str = "") -> None:
        super().__init__(status, error(code, f"AiError: {name}: {description} ({uuid4()})"), hint=hint)
        self.name = name
        self.description = description

    def internal(self) -> dict[str, Any]:
        """What the binding reads (cloudflare/workerd, src/cloudflare/internal/ai-api.ts)."""
        told = {"internalCode": self.code, "name": "AiError", "description": self.description}
        return told | {"message": f"{self.name}: {self.description}"}


class NoSuchModelError(AiError):
    def __init__(self, model: str, hint: str) -> None:
        super().__init__(400, 5007, f"No such model {model} or task", hint=hint)


class BadInputError(AiError):
    """`what` is in the words of the schema's validator."""

    def __init__(self, what: str) -> None:
        super().__init__(400, 5006, f"Error: {what}", name="Bad input")


class TooLongError(AiError):
    def __init__(self, tokens: int, window: int) -> None:
        text = f"The estimated number of input and maximum output tokens ({tokens}) exceeded this model context window"
        super().__init__(413, 5021, f"{text} limit ({window}).", name="Ai")


class NoGatewayError(AiError):
    def __init__(self) -> None:
        hint = "the local cloud has no AI Gateway"
        super().__init__(400, 2001, "Please configure AI Gateway in the Cloudflare dashboard", hint=hint)


class NotServedError(AiError):
    def __init__(self, what: str) -> None:
        super().__init__(501, 10405, f"{what} is not served by the local cloud's Workers AI")


class ModelFailedError(AiError):
    def __init__(self, failure: ModelError) -> None:
        super().__init__(*_FAILURES.get(failure.kind, _BROKEN))


_BROKEN = (500, 3043, "Internal server error")
_BLOCKED = (424, 2016, "Prompt blocked due to security configurations")
_FAILURES = {
    "throttled": (429, 3040, "Capacity temporarily exceeded, please try again."),
    "timed_out": (408, 3007, "Request timeout"),
    "denied": (403, 5018, "The account is not allowed to access this model"),
    "refused": _BLOCKED,
    "guardrail": _BLOCKED,
}
