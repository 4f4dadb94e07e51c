"""The word model: what it shows, changes and refuses."""

import json
from typing import Any


def told(cloud: Any, *words: str) -> dict[str, Any]:
    done = cloud("model", *words, "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_it_shows_changes_and_resets(cloud: Any) -> None:
    assert cloud("model").stdout == "model: the deterministic one of the local cloud\n"
    assert not (cloud.data / "model.json").exists()
    assert cloud("model", "--latency", "200", "--throttle", "0.25").stdout.splitlines()[1:] == [
        "latency: 200 ms to the first token",
        "throttle: 25% of all calls",
    ]
    now = told(cloud, "--fail", "timed-out", "--times", "2", "--tokens-per-second", "20")
    assert (now["latency_ms"], now["fail"], now["times"], now["tokens_per_second"]) == (200, "timed_out", 2, 20)
    assert json.loads((cloud.data / "model.json").read_text()) == now
    assert told(cloud, "--latency", "100")["fail_id"] == now["fail_id"] > 0
    assert told(cloud, "--fail", "unavailable")["times"] is None
    assert told(cloud, "--fail", "none", "--tokens-per-second", "none")["fail"] is None
    server = told(cloud, "--url", "http://127.0.0.1:11434/v1", "--model", "llama3.3", "--key-file", "key")
    assert server["key_file"].startswith("/")
    assert "model: llama3.3 at http://127.0.0.1:11434/v1" in cloud("model").stdout
    assert told(cloud, "--url", "none")["model"] is None
    reset = told(cloud, "--reset")
    assert (reset["latency_ms"], reset["throttle"], reset["fail_id"]) == (0, 0, 0)


def test_it_refuses_with_what_is_valid(cloud: Any) -> None:
    for words, valid in (
        (("--fail", "often"), "valid are throttled, timed_out, refused"),
        (("--throttle", "2"), "valid are 0 to 1"),
        (("--latency", "soon"), "invalid int value"),
        (("--latency", "-1"), "valid are 0 to"),
        (("--times", "3"), "name one with --fail"),
        (("--url", "http://127.0.0.1:1/v1"), "name one with --model"),
        (("--url", "http://user:secret@127.0.0.1/v1", "--model", "m"), "PARALLAX_MODEL_API_KEY"),
        (("--model", "m"), "name one with --url"),
    ):
        done = cloud("model", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert valid in done.stderr
    assert not (cloud.data / "model.json").exists()
    (cloud.data).mkdir(exist_ok=True)
    (cloud.data / "model.json").write_text("{")
    assert "--reset" in cloud("model").stderr
    assert cloud("model", "--reset").returncode == 0


def test_status_names_a_model_that_is_not_the_default(cloud: Any) -> None:
    cloud.start()
    assert cloud.status()["model"] == []
    assert "text model" not in cloud("status").stdout
    cloud("model", "--fail", "throttled")
    assert "fail: throttled, every call" in cloud.status()["model"]
    assert "fail: throttled, every call" in cloud("status").stdout
