"""Errors about accounts."""

from localcloud.cloudflare.exceptions import ApiError, error
from localcloud.cloudflare.identity import ACCOUNT_ID


class ForeignAccountError(ApiError):
    """An account that the token has no rights in: on Cloudflare it may exist, here it does not."""

    def __init__(self, account_id: str) -> None:
        hint = f"the local cloud has no account {account_id}; its only account is {ACCOUNT_ID}"
        super().__init__(403, error(10000, "Authentication error"), hint=hint)
