"""The package `aws`: everything that this stand-in offers."""

from __future__ import annotations

from typing import Final

from localcloud.providers.aws.alias import Alias
from localcloud.providers.aws.client import Aws
from localcloud.providers.aws.function import Function
from localcloud.providers.aws.functions import FUNCTIONS
from localcloud.providers.aws.http_api import Api
from localcloud.providers.aws.iam_policies import RolePolicy, RolePolicyAttachment
from localcloud.providers.aws.iam_role import Role
from localcloud.providers.aws.integration import Integration
from localcloud.providers.aws.kms_key import Alias as KeyAlias
from localcloud.providers.aws.kms_key import Key
from localcloud.providers.aws.log_group import LogGroup
from localcloud.providers.aws.permission import Permission
from localcloud.providers.aws.route import Route
from localcloud.providers.aws.secret import Secret
from localcloud.providers.aws.secret_version import SecretVersion
from localcloud.providers.aws.settings import CONFIG, connect
from localcloud.providers.aws.stage import Stage
from localcloud.providers.aws.table import Table
from localcloud.providers.protocol.resource import Package, Resource

_RESOURCES: Final[tuple[Resource[Aws], ...]] = (
    Role(), RolePolicy(), RolePolicyAttachment(), LogGroup(), Function(), Alias(), Permission(), Api(), Integration(),
    Route(), Stage(), Table(), Key(), KeyAlias(), Secret(), SecretVersion(),
)  # fmt: skip

AWS: Final = Package(
    name="aws",
    version="7.51.1",
    resources={resource.pulumi_type: resource for resource in _RESOURCES},
    functions=FUNCTIONS,
    config=CONFIG,
    connect=connect,
)
