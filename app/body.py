"""A request's body, up to a bound."""

from starlette.requests import Request

from app.errors import ContentTooLargeError

# Lambda takes and gives 6 MB of JSON in which the body is a string; a body of this size stays below that both ways,
# however it must be escaped or encoded there.
MAX_BODY_BYTES = 1_048_576


async def read_body(request: Request, limit: int = MAX_BODY_BYTES) -> bytes:
    """The whole body.

    :param limit: the most bytes that are taken.
    :raises ContentTooLargeError: for more.
    """
    chunks = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise ContentTooLargeError(f"The body has more than {limit} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)
