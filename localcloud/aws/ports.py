"""What one service of the local AWS may ask of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Outcome = Literal["success", "error", "timeout", "throttled", "missing"]


@dataclass(frozen=True, slots=True)
class InvokeResult:
    """What a function answered. `error_type` is Runtime.ExitError, Sandbox.Timedout or an exception's name."""

    payload: bytes
    outcome: Outcome
    executed_version: str
    error_type: str | None = None
    log_tail: bytes = b""  # the last 4 KB of the invocation's log


class FunctionInvoker(Protocol):
    """Runs functions synchronously."""

    async def invoke(self, function_arn: str, payload: bytes, *, trace_id: str | None = None) -> InvokeResult:
        """Runs the function, version or alias of that ARN. Never raises for what the function does.

        Cancelling the call gives up waiting for the answer; the function runs on, as on AWS.
        """

    def permits(self, function_arn: str, principal: str, source_arn: str) -> bool:
        """Whether the function's resource policy lets that service principal invoke it on behalf of that ARN."""


class LogSink(Protocol):
    """Takes log lines."""

    def write(self, group: str, stream: str, lines: Sequence[tuple[int, str]]) -> None:
        """Lines as (epoch milliseconds, text). Never blocks; makes group and stream where missing."""

    def has_group(self, group: str) -> bool:
        """Whether the log group exists."""


@dataclass(frozen=True, slots=True)
class RoleSession:
    """A role in use: what AWS calls an assumed-role user. `name` is a function's, for the sessions of functions."""

    role_arn: str
    name: str

    @property
    def arn(self) -> str:
        """`arn:aws:sts::ACCOUNT:assumed-role/ROLE/NAME`, in which the role has no path."""
        _, _, _, _, account, role = self.role_arn.split(":", 5)
        return f"arn:aws:sts::{account}:assumed-role/{role.rpartition('/')[2]}/{self.name}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an SDK signs with."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Need:
    """A right that a call takes: an IAM action on a resource's ARN.

    `keys`: the condition keys of this call, in any case. `policy`: the resource's own policy, if it has one. With
    `closed` the role's policies count only as far as that policy gives the account's IAM a say, as a KMS key's does.
    """

    action: str
    resource: str
    keys: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    policy: str | None = None
    closed: bool = False


class Rights(Protocol):
    """What a role may do."""

    def credentials(self, role_arn: str, name: str) -> Credentials:
        """The credentials of a session of that role."""

    async def ready(self) -> None:
        """Waits until roles and policies are known."""

    @property
    def known(self) -> bool:
        """Whether `ready` would return at once."""

    def permits(self, session: RoleSession, need: Need) -> bool:
        """Whether the role may, by its policies and the resource's; recorded. Only when known."""


class Vault(Protocol):
    """Data keys under KMS keys, for services that keep secrets. Raises ServiceError with KMS's own codes."""

    def data_key(self, key: str, region: str, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        """A new data key, plain and encrypted, under the KMS key of that id, ARN or alias."""

    def opened(self, encrypted: bytes, region: str, context: Mapping[str, str]) -> bytes:
        """A data key that `data_key` gave, with the same encryption context."""

    def key_of(self, encrypted: bytes, region: str) -> str:
        """The ARN of the KMS key under which it is encrypted."""

    def need(self, action: str, key: str, region: str, context: Mapping[str, str], service: str) -> Need:
        """The right (`Decrypt`) that a service takes in its caller's name; `service`: such as `secretsmanager`."""


class Identity(Protocol):
    """Who may act as whom."""

    def role_trusts(self, role_arn: str, service: str) -> bool:
        """Whether the role exists and its trust policy names that service principal (`lambda.amazonaws.com`)."""
