"""The default model: no model at all. It says so, and what it says follows from the prompt alone."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from localcloud.model.backend import Chat, Completion, End, ModelError, StopReason, Usage
from localcloud.model.tokens import count_messages, split

LABEL = "[local model]"
_QUOTED = 160


class LocalModel:
    """Implements Backend. The same conversation gives the same text, in every process and on every machine."""

    async def complete(self, chat: Chat) -> Completion:
        pieces, end = _answer(chat)
        return Completion("".join(pieces), end.usage, end.stop)

    async def stream(self, chat: Chat) -> AsyncIterator[str | End]:
        """One text a token."""
        pieces, end = _answer(chat)
        for piece in pieces:
            yield piece
        yield end


def _answer(chat: Chat) -> tuple[list[str], End]:
    input_tokens = count_messages(chat.messages)
    room = chat.context_window - input_tokens
    if room < 1:
        text = f"{input_tokens} tokens came in, and the context window has {chat.context_window}"
        raise ModelError("prompt_too_long", text)
    text, stop = _cut(_text(chat), chat.stop)
    pieces = split(text)
    most = min(chat.max_tokens, room)
    if len(pieces) > most:
        pieces, stop = pieces[:most], "length"
    return pieces, End(Usage(input_tokens, len(pieces)), stop)


def _text(chat: Chat) -> str:
    digest = hashlib.sha256()
    for message in chat.messages:
        for part in (message.role, message.text):
            encoded = part.encode(errors="surrogatepass")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
    asked = " ".join(chat.messages[-1].text.split()) if chat.messages else ""
    quoted = asked if len(asked) <= _QUOTED else f"{asked[:_QUOTED]}…"
    return (
        f'{LABEL} You asked: "{quoted}". No language model was asked; this text is made from your prompt alone, '
        f"and the same prompt gives the same text. Its mark is {digest.hexdigest()[:16]}."
    )


def _cut(text: str, stops: tuple[str, ...]) -> tuple[str, StopReason]:
    """The text before the first of the stop texts in it."""
    places = [place for stop in stops if stop and (place := text.find(stop)) >= 0]
    return (text[: min(places)], "stop_sequence") if places else (text, "end")
