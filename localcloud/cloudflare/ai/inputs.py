"""A model's inputs as its schema has them, and the conversation in them.

The schema is Llama 3.3's, in cloudflare/cloudflare-docs: src/content/workers-ai-models. What is wrong is said in the
validator's words, as public issues quote them. Not served: JSON mode, tools, LoRA.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from localcloud.cloudflare.ai.catalogue import CONTEXT_WINDOW
from localcloud.cloudflare.ai.exceptions import BadInputError, NotServedError, TooLongError
from localcloud.model import Chat, Message, count
from localcloud.model.backend import Role

T = TypeVar("T")
_Inputs = dict[str, Any]
_DEFAULT_MOST = 256
_DEFAULT_TEMPERATURE = 0.6
_NOT_SERVED = ("response_format", "tools", "functions", "lora", "requests")
_RANGES: dict[str, tuple[float, float]] = {
    "max_tokens": (1, float("inf")), "temperature": (0, 5), "top_p": (0.001, 1), "top_k": (1, 50),
    "seed": (1, 9_999_999_999), "repetition_penalty": (0, 2), "frequency_penalty": (-2, 2), "presence_penalty": (-2, 2),
}  # fmt: skip
_WHOLE = ("max_tokens", "top_k", "seed")


def chat_of(inputs: Any) -> Chat:
    """Raises BadInputError, NotServedError, TooLongError."""
    if not isinstance(inputs, dict):
        raise BadInputError(f"Type mismatch of '/', '{_kind(inputs)}' not in 'object'")
    for name in _NOT_SERVED:
        if inputs.get(name):
            raise NotServedError(name)
    for name, (least, most) in _RANGES.items():
        _check_number(inputs, name, least, most)
    for name in ("stream", "raw"):
        _check_type(inputs.get(name, False), f"/{name}", bool)
    messages = _messages(inputs)
    most = int(inputs.get("max_tokens") or _DEFAULT_MOST)
    tokens = sum(count(message.text) for message in messages) + most
    if tokens > CONTEXT_WINDOW:
        raise TooLongError(tokens, CONTEXT_WINDOW)
    return Chat(
        messages=messages,
        max_tokens=most,
        context_window=CONTEXT_WINDOW,
        temperature=inputs.get("temperature", _DEFAULT_TEMPERATURE),
        top_p=inputs.get("top_p"),
    )


def wants_stream(inputs: Any) -> bool:
    return isinstance(inputs, dict) and inputs.get("stream") is True


def _messages(inputs: _Inputs) -> tuple[Message, ...]:
    if "prompt" in inputs:
        prompt = _check_type(inputs["prompt"], "/prompt", str)
        if not prompt:
            raise BadInputError("Length of '/prompt' must be >= 1 not met")
        return (Message("user", prompt),)
    if "messages" not in inputs:
        missing = ("prompt", "messages")
        told = ", ".join(f"required properties at '/' are '{name}'" for name in missing)
        raise BadInputError(f"oneOf at '/' not met, 0 matches: {told}")
    given = _check_type(inputs["messages"], "/messages", list)
    if not given:
        raise BadInputError("Length of '/messages' must be >= 1 not met")
    return tuple(_message(message, f"/messages/{place}") for place, message in enumerate(given))


def _message(message: Any, where: str) -> Message:
    _check_type(message, where, dict)
    if "role" not in message or "content" not in message:
        raise BadInputError(f"required properties at '{where}' are 'role,content'")
    role = _check_type(message["role"], f"{where}/role", str)
    text = _check_type(message["content"], f"{where}/content", str)
    # The schema takes any role; a tool's answer is the user's to this model.
    return Message(cast("Role", role) if role in {"system", "assistant"} else "user", text)


def _check_number(inputs: _Inputs, name: str, least: float, most: float) -> None:
    value = inputs.get(name)
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadInputError(f"Type mismatch of '/{name}', '{_kind(value)}' not in 'number'")
    if name in _WHOLE and not float(value).is_integer():
        raise BadInputError(f"Type mismatch of '/{name}', 'number' not in 'integer'")
    if not least <= value <= most:
        raise BadInputError(f"'/{name}' must be {'>=' if value < least else '<='} {least if value < least else most}")


def _check_type(value: Any, where: str, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise BadInputError(f"Type mismatch of '{where}', '{_kind(value)}' not in '{_KINDS[kind]}'")
    return value


_KINDS: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "null")
