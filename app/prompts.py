"""What ``POST /ai`` takes."""

from dataclasses import dataclass
from typing import Any

from app.errors import EmptyPromptError, InvalidBodyError, PromptTooLongError

# Were each character a token, prompt and answer would still fit into the smaller of the two clouds' context windows,
# which is 24,000 tokens on Workers AI.
MAX_PROMPT_CHARACTERS = 16_384
# An HTTP API waits 30 seconds for a whole answer.
MAX_TOKENS = 2_048
DEFAULT_MAX_TOKENS = 256

_MEMBERS = ("prompt", "max_tokens", "stream")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to the model, within bounds."""

    text: str
    max_tokens: int = DEFAULT_MAX_TOKENS
    stream: bool = False


def prompt_of(body: Any) -> Prompt:
    """The prompt in a JSON body.

    :raises InvalidBodyError: for another shape or a value out of its bounds.
    :raises EmptyPromptError: for a prompt of white space.
    :raises PromptTooLongError: for more than MAX_PROMPT_CHARACTERS.
    """
    if not isinstance(body, dict) or not body.keys() <= set(_MEMBERS):
        raise InvalidBodyError(f"The body is not an object with no other members than {', '.join(_MEMBERS)}.")
    text = body.get("prompt")
    if not isinstance(text, str):
        raise InvalidBodyError("prompt is missing or not a string.")
    stream = body.get("stream", False)
    if not isinstance(stream, bool):
        raise InvalidBodyError("stream is neither true nor false.")
    max_tokens = _max_tokens(body.get("max_tokens", DEFAULT_MAX_TOKENS))
    if not text or text.isspace():
        raise EmptyPromptError("The prompt is empty.")
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise PromptTooLongError(f"The prompt has more than {MAX_PROMPT_CHARACTERS} characters.")
    return Prompt(text, max_tokens, stream)


def _max_tokens(value: Any) -> int:
    # In Python true is a 1. In JSON 5.0 is a whole number.
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MAX_TOKENS:
        raise InvalidBodyError(f"max_tokens is not a whole number from 1 to {MAX_TOKENS}.")
    return number
