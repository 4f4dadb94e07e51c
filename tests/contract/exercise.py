"""Every capability, each way that the application uses it, once."""

import secrets

import httpx

from tests import webhook_sender


def exercise(url: str) -> None:
    """Asks a deployment that has the tests' webhook keys."""
    key = f"exercise-{secrets.token_hex(6)}"
    with httpx.Client(base_url=url, timeout=60) as client:
        assert client.put(f"/items/{key}", json={"a": 1}).status_code == 204
        assert client.get(f"/items/{key}").status_code == 200
        assert client.get("/items", params={"prefix": key}).status_code == 200
        assert client.delete(f"/items/{key}").status_code == 204
        assert client.get("/ai").status_code == 200
        assert client.post("/ai", json={"prompt": "Hello", "stream": True}).status_code == 200
        headers = webhook_sender.signed(webhook_sender.ANY_SOURCE, key, b"{}")
        assert client.post("/webhooks/exercise", content=b"{}", headers=headers).status_code == 200
