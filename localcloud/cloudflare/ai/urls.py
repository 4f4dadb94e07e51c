"""The URLs of Workers AI. Its OpenAI-compatible ones (`/ai/v1/…`) are not served."""

from localcloud.cloudflare.ai.responses import AiResponses
from localcloud.cloudflare.router import Route

_AI = "/accounts/{account_id}/ai"


def routes(responses: AiResponses) -> tuple[Route, ...]:
    return (
        Route("POST", f"{_AI}/run/{{model_name}}", responses.run),
        Route("GET", f"{_AI}/models/search", responses.search),
    )
