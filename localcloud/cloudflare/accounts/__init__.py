"""The one account, and the token that is asked about."""
