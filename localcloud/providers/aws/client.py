"""A thin AWS client: botocore on explicit loopback endpoints, loaded only when the first call needs it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from localcloud.providers.protocol.endpoint import missing_endpoint
from localcloud.providers.protocol.errors import ProviderError, ServiceFailureError
from localcloud.providers.protocol.identity import Identity

VENDOR: Final = "pulumi_aws"

MARK: Final = "pulumi:resource"
"""The tag by which a later run recognises what a killed one had made; see `protocol/identity.py`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where AWS is, and as whom. `endpoints`: service name (botocore's) to URL; "*" serves every other one."""

    region: str
    endpoints: Mapping[str, str]
    access_key: str = "test"
    secret_key: str = field(default="test", repr=False)
    token: str | None = field(default=None, repr=False)
    default_tags: Mapping[str, str] = field(default_factory=dict)


class Aws:
    """Calls by botocore's names: `aws.call("iam", "CreateRole", RoleName=…)`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.cancelled = threading.Event()
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}

    @property
    def region(self) -> str:
        """The provider's region."""
        return self.settings.region

    @functools.cached_property
    def caller(self) -> dict[str, str]:
        """STS GetCallerIdentity: Account, Arn, UserId."""
        return dict(self.call("sts", "GetCallerIdentity"))

    def cancel(self) -> None:
        """Ends waiting, as the user pressed Ctrl-C."""
        self.cancelled.set()

    def call(self, service: str, operation: str, region: str | None = None, **parameters: Any) -> dict[str, Any]:
        """The answer's members. None is left out. Raises ServiceFailureError with AWS's own code."""
        # Not at the top: botocore takes 0.2 s to import, and a preview without change calls nothing.
        from botocore import xform_name  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        client = self._client(service, region or self.region)
        given = {name: value for name, value in parameters.items() if value is not None}
        try:
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**given)
        except ClientError as error:
            problem, meta = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
            raise ServiceFailureError(
                f"{service} {operation}",
                str(problem.get("Code", "Unknown")),
                str(problem.get("Message", "")),
                int(meta.get("HTTPStatusCode", 0)),
            ) from error
        except BotoCoreError as error:
            raise ProviderError(f"{service} {operation}: {error}") from error
        return answer

    def find(self, service: str, operation: str, **parameters: Any) -> dict[str, Any] | None:
        """Like `call`, but None when AWS says that there is no such thing."""
        try:
            return self.call(service, operation, **parameters)
        except ServiceFailureError as error:
            if is_missing(error):
                return None
            raise

    def discard(self, service: str, operation: str, **parameters: Any) -> None:
        """Like `call`, for deletions: that it is gone already is success."""
        self.find(service, operation, **parameters)

    def tags(self, inputs: Mapping[str, Any]) -> dict[str, str]:
        """The resource's tags over the provider's default ones: `tagsAll`."""
        return {**self.settings.default_tags, **(inputs.get("tags") or {})}

    def marked_tags(self, inputs: Mapping[str, Any], identity: Identity) -> dict[str, str]:
        """`tags`, and the mark of who made it."""
        return {**self.tags(inputs), MARK: identity.mark}

    def own_tags(self, tags: Mapping[str, str]) -> dict[str, str]:
        """The resource's own tags out of all: without the mark and the unchanged default ones."""
        defaults = self.settings.default_tags
        return {key: value for key, value in tags.items() if key != MARK and defaults.get(key) != value}

    def _client(self, service: str, region: str) -> Any:
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self._connect(service, region)
            return self._clients[key]

    def _connect(self, service: str, region: str) -> Any:
        import botocore.session  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        settings = self.settings
        endpoint = settings.endpoints.get(service) or settings.endpoints.get("*")
        if endpoint is None:
            raise missing_endpoint(f"aws:endpoints[{service}]", VENDOR)
        if self._session is None:
            self._session = botocore.session.Session()
        # Not from the user's own profile files or proxies: this client must never leave the machine.
        return self._session.create_client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=settings.access_key,
            aws_secret_access_key=settings.secret_key,
            aws_session_token=settings.token,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 5},
                connect_timeout=5,
                read_timeout=120,
                proxies={},
                max_pool_connections=64,
                ignore_configured_endpoint_urls=True,
                parameter_validation=True,
            ),
        )


def is_missing(error: ServiceFailureError) -> bool:
    """Whether AWS says that the thing does not exist."""
    return error.code in {"NoSuchEntity", "ResourceNotFoundException", "NotFoundException"}


def api_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as IAM and other older APIs want them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
