"""The v4 API as one handler: who may ask, which account is meant, and then the services' URLs."""

import logging
import re

from localcloud.cloudflare.accounts.models import check
from localcloud.cloudflare.envelope import failure
from localcloud.cloudflare.exceptions import ApiError, AuthenticationError, InternalError
from localcloud.cloudflare.router import PREFIX, Route, Router
from localcloud.guard import EXPLANATIONS, Guard
from localcloud.http import Request, Response

_log = logging.getLogger(__name__)
_ACCOUNT = re.compile(rf"{PREFIX}/accounts/([0-9a-f]{{32}})(?:/.*)?")
_BEARER = re.compile(r"Bearer [\x21-\x7e]+", re.IGNORECASE)


class V4Api:
    """A `Handler`. The guard is asked first, so that a browser's page learns nothing from the answer."""

    def __init__(self, routes: tuple[Route, ...], guard: Guard) -> None:
        self._router = Router(routes)
        self._guard = guard

    async def __call__(self, request: Request) -> Response:
        try:
            self._authenticate(request)
            account = _ACCOUNT.fullmatch(request.path)
            if account:
                check(account[1])
            return await self._router.answer(request)
        except ApiError as error:
            return failure(error)
        except Exception:  # noqa: BLE001 - the client gets the API's envelope, the log the cause
            _log.exception("%s %s failed", request.method, request.path)
            return failure(InternalError())

    def _authenticate(self, request: Request) -> None:
        reason = self._guard.refusal(request)
        if reason:
            raise AuthenticationError.refused(EXPLANATIONS[reason])
        authorization = request.header("authorization")
        if authorization is None:
            raise AuthenticationError.missing()
        if not _BEARER.fullmatch(authorization):
            raise AuthenticationError.malformed()
