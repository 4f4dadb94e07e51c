"""Webhooks: verified messages, each with one effect however often it arrives.

What becomes of a request that is none is 400 or 401 whatever its bytes: a body over the bound, which elsewhere is 413,
is 400 here, and a path that names no source is that of an unknown one. Nothing of it is parsed but the three headers.
"""

import re
import time

from starlette.requests import Request
from starlette.responses import Response

from app.body import MAX_BODY_BYTES, read_body
from app.errors import ContentTooLargeError, InvalidWebhookError, WebhookNotVerifiedError
from app.etags import ABSENT, new_version
from app.json_codec import to_json
from app.ports import Secrets
from app.scope import ports_of
from app.signatures import TOLERANCE_SECONDS, SignedHeaders, keys_of, read_signed_headers

COLLECTION = "webhooks"
SECRET_NAME = "webhookKeys"  # noqa: S105
# Far longer than the tolerance, after which a copied request is refused anyway: senders repeat for hours what they take
# for lost, each time with a new timestamp and the same id.
KEPT_SECONDS = 24 * 3600

# No colon: it parts source and id in the key.
_SOURCE = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# A 401 names a scheme that would do (RFC 9110, section 11.6.1).
_CHALLENGE = {"www-authenticate": "StandardWebhooks"}


async def receive_webhook(request: Request) -> Response:
    """``POST /webhooks/{source}``"""
    source: str = request.path_params["source"]
    headers = read_signed_headers(request.headers)
    try:
        body = await read_body(request)
    except ContentTooLargeError:
        raise InvalidWebhookError(f"The body has more than {MAX_BODY_BYTES} bytes.") from None
    now = time.time()
    if not headers.within_tolerance(now):
        raise WebhookNotVerifiedError(
            f"webhook-timestamp is more than {TOLERANCE_SECONDS} seconds away from this clock.", _CHALLENGE
        )
    ports = ports_of(request)
    if _SOURCE.fullmatch(source) is None or not await _is_signed(headers, body, source, ports.secrets):
        raise WebhookNotVerifiedError("No signature was made with a key of this source.", _CHALLENGE)
    # One item is the effect, the memory of the id, and the answer to every repetition: there is no moment between them.
    key = f"{source}:{headers.id}"
    answer = to_json({"ok": True, "source": source, "id": headers.id, "received_at": int(now)}).decode()
    first = await ports.state.put(
        COLLECTION,
        key,
        answer,
        version=new_version(),
        condition=ABSENT,
        now=int(now),
        expires_at=int(now) + KEPT_SECONDS,
    )
    if not first:
        item = await ports.state.get(COLLECTION, key, now=int(now))
        if item is None:
            raise RuntimeError("The state refused a webhook's id as present and has it not")
        answer = item.value
    return Response(answer.encode(), media_type="application/json")


async def _is_signed(headers: SignedHeaders, body: bytes, source: str, secrets: Secrets) -> bool:
    known = await secrets.read(SECRET_NAME)
    if headers.fit(body, keys_of(source, known)):
        return True
    # The keys may have been rotated since they were read.
    fresh = await secrets.reread(SECRET_NAME)
    return fresh != known and headers.fit(body, keys_of(source, fresh))
