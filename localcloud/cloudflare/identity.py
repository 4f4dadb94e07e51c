"""The one account of the local Cloudflare, and a token for it: anything, as on loopback nothing is secret."""

ACCOUNT_ID = "00000000000000000000000000000001"
ACCOUNT_NAME = "Local account"
API_TOKEN = "local"  # noqa: S105 - not a secret: any token is accepted, real ones do not belong here
SUBDOMAIN = "local"
