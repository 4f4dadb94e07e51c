"""The package `cloudflare`: everything that this stand-in offers."""

from __future__ import annotations

from typing import Final

from localcloud.providers.cloudflare.client import Cloudflare
from localcloud.providers.cloudflare.d1_database import D1Database
from localcloud.providers.cloudflare.functions import FUNCTIONS
from localcloud.providers.cloudflare.kv_namespace import WorkersKvNamespace
from localcloud.providers.cloudflare.route import WorkersRoute
from localcloud.providers.cloudflare.script import WorkersScript
from localcloud.providers.cloudflare.settings import CONFIG, connect
from localcloud.providers.cloudflare.subdomain import WorkersScriptSubdomain
from localcloud.providers.protocol.resource import Package, Resource

_RESOURCES: Final[tuple[Resource[Cloudflare], ...]] = (
    D1Database(),
    WorkersKvNamespace(),
    WorkersRoute(),
    WorkersScript(),
    WorkersScriptSubdomain(),
)

CLOUDFLARE: Final = Package(
    name="cloudflare",
    version="6.23.1",
    resources={resource.pulumi_type: resource for resource in _RESOURCES},
    functions=FUNCTIONS,
    config=CONFIG,
    connect=connect,
)
