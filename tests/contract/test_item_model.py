"""Conditional writes against a plain model: whatever the order of requests, an engine and a dictionary agree."""

import asyncio
import secrets
from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.contract.engine import Engine

KEYS = st.sampled_from(["a", "b", "b.c"])
FOREIGN = '"ffffffffffffffff"'
# Places in the list of all tags that were ever given, counted from its end; those beyond it are tags of nobody.
TAGS = st.lists(st.integers(0, 5), min_size=1, max_size=3)
CONDITIONS = st.fixed_dictionaries({}, optional={"if-match": st.just("*") | TAGS, "if-none-match": st.just("*")})
EXAMPLES = {"memory": 100, "aws": 4, "cloudflare": 4}
STEPS = 20

Condition = dict[str, str | list[int]]


class ItemsMachine(RuleBasedStateMachine):
    """Random requests, each compared with what RFC 9110 says of a dictionary of values and tags."""

    def __init__(self, engine: Engine, runner: asyncio.Runner) -> None:
        super().__init__()
        self.runner = runner
        self.client = engine.client()
        self.prefix = f"m{secrets.token_hex(6)}."
        self.model: dict[str, tuple[bytes, str]] = {}
        self.tags: list[str] = []

    def teardown(self) -> None:
        self.runner.run(self.client.aclose())

    def send(
        self, method: str, key: str, headers: dict[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        path = f"/items/{self.prefix}{key}"
        return self.runner.run(self.client.request(method, path, headers=headers, content=content))

    def headers(self, condition: Condition) -> dict[str, str]:
        known = [*reversed(self.tags)]
        return {
            name: value if isinstance(value, str) else ", ".join((known + [FOREIGN] * 6)[place] for place in value)
            for name, value in condition.items()
        }

    def holds(self, key: str, headers: dict[str, str]) -> bool:
        tag = self.model[key][1] if key in self.model else None
        match = headers.get("if-match")
        if match is not None and not (tag is not None and (match == "*" or tag in match.split(", "))):
            return False
        return "if-none-match" not in headers or tag is None

    @rule(key=KEYS, condition=CONDITIONS, value=st.integers(0, 999))
    def put(self, key: str, condition: Condition, value: int) -> None:
        headers, content = self.headers(condition), b"%d" % value
        answer = self.send("PUT", key, headers, content)
        if self.holds(key, headers):
            assert answer.status_code == 204
            assert answer.headers["etag"] not in self.tags
            self.tags.append(answer.headers["etag"])
            self.model[key] = content, answer.headers["etag"]
        else:
            assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")

    @rule(key=KEYS, condition=CONDITIONS)
    def delete(self, key: str, condition: Condition) -> None:
        headers = self.headers(condition)
        answer = self.send("DELETE", key, headers)
        if self.holds(key, headers):
            assert answer.status_code == 204
            self.model.pop(key, None)
        else:
            assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")

    @rule(key=KEYS, seen=st.booleans())
    def get(self, key: str, *, seen: bool) -> None:
        value, tag = self.model.get(key, (b"", FOREIGN))
        answer = self.send("GET", key, {"if-none-match": tag} if seen else {})
        if key not in self.model:
            assert (answer.status_code, answer.json()["code"]) == (404, "item_not_found")
        else:
            expected = (304, b"") if seen else (200, value)
            assert (answer.status_code, answer.content) == expected
            assert answer.headers["etag"] == tag

    @rule(prefix=st.sampled_from(["", "a", "b", "b."]), limit=st.integers(1, 3))
    def pages(self, prefix: str, limit: int) -> None:
        query = {"prefix": self.prefix + prefix, "limit": str(limit)}
        found: dict[str, str] = {}
        while True:
            page = self.runner.run(self.client.get("/items", params=query)).json()
            found |= {item["key"].removeprefix(self.prefix): item["etag"] for item in page["items"]}
            if page["cursor"] is None:
                break
            assert len(page["items"]) == limit
            query["cursor"] = page["cursor"]
        assert list(found.items()) == [
            (key, tag) for key, (_, tag) in sorted(self.model.items()) if key.startswith(prefix)
        ]

    @invariant()
    def only_one_tag_an_item(self) -> None:
        assert len({tag for _, tag in self.model.values()}) == len(self.model)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def test_an_engine_and_a_dictionary_agree(engine: Engine, runner: asyncio.Runner) -> None:
    run_state_machine_as_test(
        partial(ItemsMachine, engine, runner),  # type: ignore[arg-type]  # it calls what it is given, no more
        settings=settings(
            max_examples=EXAMPLES[engine.name],
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
