"""`env.AI` of a deployed Python Worker, through the whole process: what Python gets, each failure among it."""

import json
import time
from importlib.metadata import files
from pathlib import Path
from typing import Any

import httpx
import pytest

from localcloud.model.settings import ModelSettings, save
from tests.localcloud.cloudflare.process import ACCOUNT, METADATA, Process

WORKER = Path(__file__).parents[4] / "localcloud" / "cloudflare" / "host" / "test" / "app" / "ai.py"
MODEL = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
LIMIT = (
    "The estimated number of input and maximum output tokens (258) exceeded this model context window limit (24000)."
)


def deploy(process: Process) -> str:
    sdk = [file for file in files("workers-runtime-sdk") or [] if file.suffix == ".py"]
    vendored = [(f"python_modules/{file}", file.read_binary(), "application/octet-stream") for file in sdk]
    process.client.workers.scripts.update(
        "ai",
        account_id=ACCOUNT,
        metadata=METADATA | {"bindings": [{"type": "ai", "name": "AI"}]},  # type: ignore[arg-type]
        files=[("entry.py", WORKER.read_bytes(), "text/x-python"), *vendored],
    )
    process.client.workers.scripts.subdomain.create("ai", account_id=ACCOUNT, enabled=True)
    return f"http://127.0.0.1:{process.port}/_workers/ai"


def test_a_worker_asks_the_model(process: Process, tmp_path: Path) -> None:
    url = deploy(process)
    told = httpx.get(f"{url}/run", timeout=30).json()
    rest = process.client.ai.run(MODEL, account_id=ACCOUNT, prompt="Hello", max_tokens=20)
    assert (told["type"], told["text"], told["usage"]) == ("JsDict", rest["response"], rest["usage"])  # type: ignore[index]
    assert len(told["id"]) == 36

    lines = httpx.get(f"{url}/stream", timeout=30).text.split("\n\n")
    pieces = [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]
    assert "".join(piece["response"] for piece in pieces).startswith(rest["response"])  # type: ignore[index]
    assert lines[-2:] == ["data: [DONE]", ""]
    assert len(httpx.get(f"{url}/many", params={"number": 30}, timeout=30).json()) == 30
    assert httpx.get(f"{url}/raw", timeout=30).text.startswith('200 {"response":"[local model]')

    def error(**query: str) -> Any:
        return httpx.get(f"{url}/error", params=query, timeout=30).json()

    wrong = "@cf/meta/llama-3.3-70b-instruct"
    expected = {"type": "JsException", "name": "AiError", "message": f"5007: No such model {wrong} or task"}
    assert error(model=wrong) == error(model=wrong, stream="1") == expected
    gateway = httpx.get(f"{url}/options", params={"name": "gateway"}, timeout=30).text
    assert gateway == "AiError: 2001: Please configure AI Gateway in the Cloudflare dashboard"

    settings = process.folder / "model.json"
    for kind, message in {
        "throttled": "3040: Capacity temporarily exceeded, please try again.",
        "timed_out": "3007: Request timeout",
        "refused": "2016: Prompt blocked due to security configurations",
        "guardrail": "2016: Prompt blocked due to security configurations",
        "denied": "5018: The account is not allowed to access this model",
        "failed": "3043: Internal server error",
        "unavailable": "3043: Internal server error",
        "prompt_too_long": f"5021: {LIMIT}",
    }.items():
        save(settings, ModelSettings(fail=kind))  # type: ignore[arg-type]
        assert [error()["message"], error(stream="1")["message"]] == [message, message]
    save(settings, ModelSettings(fail="failed", after_tokens=3))
    seen = httpx.get(f"{url}/read", timeout=30).json()
    assert "".join(seen).count("data: ") == 3
    assert "broke off: " in seen[-1]
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{process.port}/_workers/ai/stream", timeout=30)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(
            f"http://127.0.0.1:{process.port}/client/v4/accounts/{ACCOUNT}/ai/run/{MODEL}",
            headers={"authorization": "Bearer any"}, json={"prompt": "Hello", "stream": True},
        )  # fmt: skip

    # A model that takes its time is nobody's CPU time, and its stream comes as it is made.
    save(settings, ModelSettings(latency_ms=300, tokens_per_second=60))
    times = []
    with httpx.stream("GET", f"{url}/stream", timeout=30) as answer:
        for _ in answer.iter_raw():
            times.append(time.monotonic())  # noqa: PERF401 - one at each moment
    assert times[-1] - times[0] > 0.5
    assert len(times) > 15

    # Where the binding asks is no address of the public port.
    for path in ("/ai/run", "/client/v4/../../ai/run", "/client/v4/ai/run"):
        answer_ = httpx.post(f"http://127.0.0.1:{process.port}{path}", headers={"cf-consn-model-id": MODEL}, json={})
        assert answer_.status_code in (400, 404)
