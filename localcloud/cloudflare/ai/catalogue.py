"""The models, as Cloudflare's documentation lists them (cloudflare/cloudflare-docs, src/content/workers-ai-models)."""

from __future__ import annotations

from typing import Any

from localcloud.cloudflare.ai.exceptions import NoSuchModelError

LLAMA = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
CONTEXT_WINDOW = 24_000

MODELS: tuple[dict[str, Any], ...] = (
    {
        "id": "7a143886-c9bb-4a1c-be95-377b1973bc3b",
        "source": 1,
        "name": LLAMA,
        "description": "Llama 3.3 70B quantized to fp8 precision, optimized to be faster.",
        "task": {
            "id": "c329a1f9-323d-4e91-b2aa-582dd4188d34",
            "name": "Text Generation",
            "description": "Family of generative text models, such as large language models (LLM), that can be adapted "
            "for a variety of natural language tasks.",
        },
        "created_at": "2024-12-06 17:09:18.338",
        "tags": [],
        "properties": [
            {"property_id": "async_queue", "value": "true"},
            {"property_id": "context_window", "value": str(CONTEXT_WINDOW)},
            {
                "property_id": "price",
                "value": [
                    {"unit": "per M input tokens", "price": 0.29, "currency": "USD"},
                    {"unit": "per M output tokens", "price": 2.25, "currency": "USD"},
                ],
            },
            {"property_id": "function_calling", "value": "true"},
            {
                "property_id": "terms",
                "value": "https://github.com/meta-llama/llama-models/blob/main/models/llama3_3/LICENSE",
            },
        ],
    },
)

# Names that people copy from notes, though Cloudflare never had them.
_MISTAKEN = {
    "@cf/meta/llama-3.3-70b-instruct": f"Cloudflare's catalogue has Llama 3.3 70B as {LLAMA} only",
}


def check(model: str) -> None:
    """Raises NoSuchModelError for a model that is not here."""
    if not any(known["name"] == model for known in MODELS):
        here = ", ".join(known["name"] for known in MODELS)
        raise NoSuchModelError(model, _MISTAKEN.get(model, f"the local cloud's Workers AI has {here}"))


def search(wanted: dict[str, str]) -> list[dict[str, Any]]:
    """The models that fit `author`, `search`, `source` and `task`, as `GET …/ai/models/search` takes them."""
    return [model for model in MODELS if _fits(model, wanted)]


def _fits(model: dict[str, Any], wanted: dict[str, str]) -> bool:
    author = model["name"].split("/")[1]
    words = f"{model['name']} {model['description']}".lower()
    return (
        wanted.get("search", "").lower() in words
        and wanted.get("author", author).lower() == author
        and wanted.get("task", model["task"]["name"]).lower() == model["task"]["name"].lower()
        and wanted.get("source", "1").removesuffix(".0") == str(model["source"])
    )
