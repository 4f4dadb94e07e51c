"""InvokeModel's body as Meta's models have it: docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html.

The prompt is text with the model's own marks in it; it goes to the model as one message of the user.
"""

from __future__ import annotations

from typing import Any

import orjson

from localcloud.aws.bedrock.catalogue import Model
from localcloud.aws.bedrock.converse import checked_most
from localcloud.aws.bedrock.errors import InvalidRequestError
from localcloud.model import Chat, Message, StopReason, Usage

_Document = dict[str, Any]
_KNOWN = {"prompt", "temperature", "top_p", "max_gen_len"}
_DEFAULT_LENGTH = 512
STOPS: dict[StopReason, str] = {"end": "stop", "length": "length", "stop_sequence": "stop"}


def chat_of(params: _Document, model: Model) -> Chat:
    """Raises InvalidRequestError."""
    if params.get("guardrailIdentifier"):
        raise InvalidRequestError("The guardrail identifier or version provided in the request does not exist.")
    try:
        body = orjson.loads(params.get("body") or b"")
    except orjson.JSONDecodeError:
        raise _malformed("the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise _malformed("the body is not a JSON object")
    for name in body:
        if name not in _KNOWN:
            raise _malformed(f"extraneous key [{name}] is not permitted")
    prompt = body.get("prompt")
    if not isinstance(prompt, str):
        raise _malformed("required key [prompt] not found")
    if not prompt.strip():
        raise InvalidRequestError("The prompt is blank. Add text to the prompt, and try again.")
    return Chat(
        messages=(Message("user", prompt),),
        max_tokens=checked_most(int(_number(body, "max_gen_len", _DEFAULT_LENGTH, 1)), model),
        context_window=model.context_window,
        temperature=_number(body, "temperature", 0.5, 0, 1),
        top_p=_number(body, "top_p", 0.9, 0, 1),
    )


def answer(text: str, stop: str | None, usage: Usage | None) -> _Document:
    """The body of an answer, or of a piece of one: only the last piece has stop and usage."""
    return {
        "generation": text,
        "prompt_token_count": usage.input_tokens if usage else None,
        "generation_token_count": usage.output_tokens if usage else None,
        "stop_reason": stop,
    }


def _number(body: _Document, name: str, default: float, least: float, most: float | None = None) -> float:
    value = body.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _malformed(f"#/{name}: expected type: Number, found: {type(value).__name__}")
    if value < least:
        raise _malformed(f"#/{name}: {value} is not greater or equal to {least}")
    if most is not None and value > most:
        raise _malformed(f"#/{name}: {value} is not less or equal to {most}")
    return value


def _malformed(what: str) -> InvalidRequestError:
    return InvalidRequestError(f"Malformed input request: {what}, please reformat your input and try again.")
