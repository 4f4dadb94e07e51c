"""Converse and ConverseStream: the request's conversation as a Chat, and an answer in their shape.

Not served: tools, prompts of prompt management, structured output. No guardrail exists here; naming one is AWS's error.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from localcloud.aws.bedrock.catalogue import Model
from localcloud.aws.bedrock.errors import InvalidRequestError, NotServedError
from localcloud.model import Chat, Message, StopReason, Usage

_Document = dict[str, Any]
_NOT_SERVED = ("toolConfig", "promptVariables", "outputConfig", "additionalModelRequestFields")
STOPS: dict[StopReason, str] = {"end": "end_turn", "length": "max_tokens", "stop_sequence": "stop_sequence"}
REFUSALS = {"refused": "content_filtered", "guardrail": "guardrail_intervened"}
"""The failures that Bedrock tells as the reason for which an answer stopped, and not as an error."""


def chat_of(params: _Document, model: Model) -> Chat:
    """The parameters of an operation as the model's task. Raises InvalidRequestError, NotServedError."""
    for name in _NOT_SERVED:
        if params.get(name):
            raise NotServedError(f"{name} in Converse")
    if params.get("guardrailConfig"):
        raise InvalidRequestError("The guardrail identifier or version provided in the request does not exist.")
    messages = [_message(message, number) for number, message in enumerate(params.get("messages") or [])]
    _check_turns(messages)
    system = [_system(block, number) for number, block in enumerate(params.get("system") or [])]
    inference = params.get("inferenceConfig") or {}
    return Chat(
        messages=(*system, *messages),
        # Without a wish the model's maximum counts (API reference, InferenceConfiguration).
        max_tokens=checked_most(inference.get("maxTokens", model.max_output), model),
        context_window=model.context_window,
        temperature=inference.get("temperature"),
        top_p=inference.get("topP"),
        stop=tuple(inference.get("stopSequences") or ()),
    )


def checked_most(most: int, model: Model) -> int:
    """Raises InvalidRequestError where an answer may not be that long."""
    if most > model.max_output:
        raise InvalidRequestError(
            f"The maximum tokens you requested exceeds the model limit of {model.max_output}. Try again with a maximum "
            f"tokens value that is lower than {model.max_output}."
        )
    return most


def answer(text: str, stop: str, usage: Usage, latency_ms: int) -> _Document:
    """What Converse answers."""
    content = [{"text": text}] if text else []
    return {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": stop} | told(
        usage, latency_ms
    )


def told(usage: Usage, latency_ms: int) -> _Document:
    """Usage and metrics, as in an answer or in the last event."""
    total = usage.input_tokens + usage.output_tokens
    tokens = {"inputTokens": usage.input_tokens, "outputTokens": usage.output_tokens, "totalTokens": total}
    return {"usage": tokens, "metrics": {"latencyMs": latency_ms}}


def _message(message: _Document, number: int) -> Message:
    texts = [_text(block, f"messages.{number}.content.{place}") for place, block in enumerate(message["content"])]
    if not texts:
        raise InvalidRequestError(f"The content field in the Message object at messages.{number} is empty. Add a "
                                  "ContentBlock object to the content field and try again.")  # fmt: skip
    return Message(message["role"], "".join(texts))


def _text(block: _Document, where: str) -> str:
    kind = next(iter(block), None)
    if kind is None:
        raise InvalidRequestError(f"The ContentBlock object at {where} must set one of the following keys: text.")
    if kind != "text":
        raise InvalidRequestError(
            f"This model doesn't support the {kind} content block that you provided. Update the content block and try "
            "again."
        )
    text: str = block["text"]
    if not text.strip():
        raise InvalidRequestError(
            f"The text field in the ContentBlock object at {where} is blank. Add text to the text field, and try again."
        )
    return text


def _system(block: _Document, number: int) -> Message:
    if "text" not in block:
        raise NotServedError("blocks of the system prompt other than text")
    if not block["text"].strip():
        raise InvalidRequestError(
            f"The text field in the SystemContentBlock object at system.{number} is blank. Add text to the text field, "
            "and try again."
        )
    return Message("system", block["text"])


def _check_turns(messages: list[Message]) -> None:
    if not messages or messages[0].role != "user":
        raise InvalidRequestError(
            "A conversation must start with a user message. Try again with a conversation that starts with a user "
            "message."
        )
    for before, after in pairwise(messages):
        if after.role in {before.role, "system"}:
            raise InvalidRequestError(
                "A conversation must alternate between user and assistant roles. Make sure the conversation alternates "
                "between user and assistant roles and try again."
            )
