"""The deterministic model and its tokens."""

import asyncio
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from localcloud.model import Chat, Completion, End, Message, ModelError
from localcloud.model.local import LABEL, LocalModel
from localcloud.model.tokens import count, count_messages, split

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
chats = st.builds(
    Chat,
    messages=st.lists(st.builds(Message, st.sampled_from(["system", "user", "assistant"]), texts), max_size=4).map(
        tuple
    ),
    max_tokens=st.integers(1, 120),
    context_window=st.integers(1, 500),
    temperature=st.none() | st.floats(0, 1),
    stop=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)


def run(chat: Chat) -> tuple[Completion, list[str], End] | str:
    async def both() -> tuple[Completion, list[str], End]:
        model = LocalModel()
        pieces = [piece async for piece in model.stream(chat)]
        end = pieces.pop()
        assert isinstance(end, End)
        return await model.complete(chat), [str(piece) for piece in pieces], end

    try:
        return asyncio.run(both())
    except ModelError as error:
        return error.kind


@given(texts)
def test_tokens_are_all_of_the_text(text: str) -> None:
    assert "".join(split(text)) == text
    assert len(split(text)) == count(text) <= len(text)
    assert all(0 < len(token.strip()) <= 4 for token in split(text)[:-1])


@given(chats)
def test_a_whole_answer_and_a_streamed_one_are_the_same_and_keep_their_limits(chat: Chat) -> None:
    got = run(chat)
    asked = count_messages(chat.messages)
    if isinstance(got, str):
        assert got == "prompt_too_long"
        assert asked >= chat.context_window
        return
    whole, pieces, end = got
    assert (whole.text, whole.usage, whole.stop) == ("".join(pieces), end.usage, end.stop)
    assert (end.usage.input_tokens, end.usage.output_tokens) == (asked, len(pieces))
    assert all(pieces)
    assert len(pieces) <= min(chat.max_tokens, chat.context_window - asked)
    assert end.stop != "length" or len(pieces) == min(chat.max_tokens, chat.context_window - asked)
    assert end.stop == "length" or not any(stop in whole.text for stop in chat.stop if stop)
    assert whole.text.startswith(LABEL) or LABEL.startswith(whole.text) or end.stop == "length"
    assert run(chat) == got


@given(chats, texts)
def test_the_text_follows_from_the_conversation_alone(chat: Chat, more: str) -> None:
    def text(*messages: Message, temperature: float = 0.0) -> str:
        got = run(Chat((*chat.messages, *messages), 1000, 100_000, temperature))
        assert not isinstance(got, str)
        return got[0].text

    assert text() == text(temperature=1.0)
    assert text(Message("user", more)) != text()
    assert text(Message("user", more)) != text(Message("assistant", more))


def test_another_process_says_the_same() -> None:
    code = (
        "import asyncio; from localcloud.model.local import LocalModel; from localcloud.model import Chat, Message; "
        "print(asyncio.run(LocalModel().complete(Chat((Message('user', 'Hello'),), 256, 24000))).text)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert said.pop().startswith('[local model] You asked: "Hello".')
