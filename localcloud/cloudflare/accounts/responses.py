"""Requests for accounts and tokens, answered."""

from localcloud.cloudflare.accounts import models
from localcloud.cloudflare.envelope import page, success
from localcloud.cloudflare.identity import ACCOUNT_NAME
from localcloud.cloudflare.router import Call
from localcloud.http import Response

_TOKEN_ID = "0" * 32


async def list_accounts(call: Call) -> Response:
    wanted = call.query.get("name", ACCOUNT_NAME)
    return page([models.account()] if wanted == ACCOUNT_NAME else [], call.query)


async def get_account(_: Call) -> Response:
    return success(models.account())


async def verify_token(_: Call) -> Response:
    return success({"id": _TOKEN_ID, "status": "active"})
