"""The account as the v4 API shows it (the official `cloudflare` package, `types/accounts/account.py`)."""

from typing import Any

from localcloud.cloudflare.accounts.exceptions import ForeignAccountError
from localcloud.cloudflare.identity import ACCOUNT_ID, ACCOUNT_NAME

_CREATED_ON = "2026-01-01T00:00:00Z"


def account() -> dict[str, Any]:
    return {
        "id": ACCOUNT_ID,
        "name": ACCOUNT_NAME,
        "type": "standard",
        "settings": {"enforce_twofactor": False, "abuse_contact_email": None},
        "created_on": _CREATED_ON,
    }


def check(account_id: str) -> None:
    """Raises ForeignAccountError for any account but the one that is here."""
    if account_id != ACCOUNT_ID:
        raise ForeignAccountError(account_id)
