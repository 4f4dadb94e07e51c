"""Problem documents (RFC 9457, ``application/problem+json``) with a stable ``code``."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.errors import ApplicationError, InternalError, MethodNotAllowedError, NotFoundError
from app.json_codec import to_json

UNEXPECTED = "The application failed. Its log says why."


def problem_document(error: ApplicationError) -> dict[str, Any]:
    """What an answer, or an event of a stream, says of an error."""
    return {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }


def problem(error: ApplicationError) -> Response:
    """The answer for an error; the same error gives the same bytes wherever the application runs."""
    content = to_json(problem_document(error))
    return Response(content, error.status, error.headers, media_type="application/problem+json")


# Starlette runs handlers that are not coroutines on a thread, and there are none in a Worker: all of these are async.


async def on_application_error(_request: Request, error: Exception) -> Response:
    """What a route raised on purpose."""
    assert isinstance(error, ApplicationError)
    return problem(error)


async def on_not_found(_request: Request, _error: Exception) -> Response:
    """What Starlette's router raises where no route has the path."""
    return problem(NotFoundError("No route has this path. The routes stand in app/openapi.yaml."))


async def on_method_not_allowed(_request: Request, error: Exception) -> Response:
    """What Starlette's router raises where a route has the path but not the method.

    Starlette joins a set, whose order changes from process to process; sorted, both clouds send the same bytes.
    """
    assert isinstance(error, HTTPException)
    allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
    return problem(MethodNotAllowedError(f"This path takes {allowed}.", {"allow": allowed}))


async def on_unexpected(_request: Request, _error: Exception) -> Response:
    """Anything else. Starlette raises the exception again after this answer, so that the server logs it."""
    return problem(InternalError(UNEXPECTED))
