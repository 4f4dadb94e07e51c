"""How tokens are counted where no tokenizer is: a token is four characters, with the white space before them.

English has about that many characters a token with Llama 3. White space at the end of a text is a token by itself.
Only the texts of a conversation count; the marks that a chat template puts between them do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from localcloud.model.backend import Message

_TOKEN = re.compile(r"\s*\S{1,4}|\s+")


def split(text: str) -> list[str]:
    """The tokens of a text; joined they are the text again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    return sum(1 for _ in _TOKEN.finditer(text))


def count_messages(messages: Iterable[Message]) -> int:
    return sum(count(message.text) for message in messages)
