"""The URLs of accounts and tokens."""

from localcloud.cloudflare.accounts import responses
from localcloud.cloudflare.router import Route


def routes() -> tuple[Route, ...]:
    return (
        Route("GET", "/accounts", responses.list_accounts),
        Route("GET", "/accounts/{account_id}", responses.get_account),
        Route("GET", "/user/tokens/verify", responses.verify_token),
        Route("GET", "/accounts/{account_id}/tokens/verify", responses.verify_token),
    )
