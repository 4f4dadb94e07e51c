"""The provider's configuration: inputs first, then the environment, as pulumi_cloudflare reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from localcloud.providers.cloudflare.client import VENDOR, Cloudflare
from localcloud.providers.protocol.endpoint import missing_endpoint, require_loopback
from localcloud.providers.protocol.errors import ProviderError
from localcloud.providers.protocol.schema import Property

CONFIG: Final[Mapping[str, Property]] = {
    "apiKey": Property(secret=True),
    "apiToken": Property(secret=True),
    "apiUserServiceKey": Property(secret=True),
    "baseUrl": Property(),
    "email": Property(),
    "userAgentOperatorSuffix": Property(),
}


def connect(config: Mapping[str, Any]) -> Cloudflare:
    """A client for this configuration; nothing is sent yet.

    Raises EndpointRefusedError for an endpoint that is missing or not on this machine, ProviderError without a token.
    """
    url = config.get("baseUrl") or os.environ.get("CLOUDFLARE_BASE_URL")
    if not url:
        raise missing_endpoint("cloudflare:baseUrl", VENDOR)
    base_url = require_loopback(url, "cloudflare:baseUrl", VENDOR)
    token = config.get("apiToken") or os.environ.get("CLOUDFLARE_API_TOKEN")
    key = config.get("apiKey") or os.environ.get("CLOUDFLARE_API_KEY")
    email = config.get("email") or os.environ.get("CLOUDFLARE_EMAIL")
    if token:
        return Cloudflare(base_url, {"authorization": f"Bearer {token}"})
    if key and email:
        return Cloudflare(base_url, {"x-auth-key": key, "x-auth-email": email})
    raise ProviderError(
        "cloudflare:apiToken is not set: set it (`pulumi config set --secret cloudflare:apiToken TOKEN`), or "
        "CLOUDFLARE_API_TOKEN, or apiKey together with email; the local cloud accepts any token"
    )
