"""Requests that Schemathesis makes of the contract, and what is known of them before they are sent."""

from pathlib import Path
from typing import Any

import httpx
import requests
import schemathesis
import yaml
from schemathesis import GenerationMode

OPENAPI: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "app" / "openapi.yaml").read_text())
SCHEMA = schemathesis.openapi.from_dict(OPENAPI)

# Requests that break the contract can be made only where it asks for something.
_UNBREAKABLE = {"GET /", "POST /echo", "GET /api/hello", "GET /healthz", "GET /ai"}
Case = schemathesis.Case[Any]

_LABELS = [
    f"{method.upper()} {path}"
    for path, methods in OPENAPI["paths"].items()
    for method in methods
    if method != "parameters"
]
OPERATIONS = [(label, GenerationMode.POSITIVE) for label in _LABELS] + [
    (label, GenerationMode.NEGATIVE) for label in _LABELS if label not in _UNBREAKABLE
]


def documented(label: str) -> dict[str, Any]:
    """The contract's answers of an operation, by status."""
    method, _, path = label.partition(" ")
    responses: dict[str, Any] = OPENAPI["paths"][path][method.lower()]["responses"]
    return responses


def request_of(case: Case, base_url: str) -> httpx.Request:
    """A generated case in bytes.

    Two things are left out with which a cloud's front door has a way of its own: white space around a header's value,
    and bytes that are no text under the name of JSON, of which an HTTP API makes text.
    """
    arguments = case.as_transport_kwargs(base_url="http://generated")
    arguments["headers"] = {name: value.strip() for name, value in arguments["headers"].items()}
    prepared = requests.Request(**arguments).prepare()
    body = prepared.body or b""
    content = body.encode() if isinstance(body, str) else body
    assert isinstance(content, bytes)
    headers = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
    try:
        content.decode()
    except UnicodeDecodeError:
        headers["Content-Type"] = "application/octet-stream"
    raw = [(name.encode(), str(value).encode("latin-1")) for name, value in headers.items()]
    return httpx.Request(prepared.method or "", base_url + prepared.path_url, headers=raw, content=content)
