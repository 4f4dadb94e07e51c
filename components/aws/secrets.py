"""The capability "secrets" on AWS: Secrets Manager, under a key of the stack's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi
import pulumi_aws as aws

from components.aws.grant import Grant, Place, Statement, allowed
from components.errors import ArgumentError
from components.limits import KMS_SHORTEST_WINDOW, SECRET_WINDOW
from components.naming import KMS_ALIAS, SECRET, physical_name
from components.secret_value import SecretValue


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsArgs:
    """`values` by their declared names. `recovery_days` is how long a deleted secret can be brought back.

    0 is its use for a stack that comes and goes: a secret that waits for its end keeps its name, so that the next
    `pulumi up` would be refused, and its value is in the stack's config anyway.
    """

    values: Mapping[str, SecretValue]
    recovery_days: int = 0
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.values:
            raise ArgumentError("Secrets", "values", "is empty: a key without a secret only costs money")
        low, high = SECRET_WINDOW
        if self.recovery_days and not low <= self.recovery_days <= high:
            message = f"is {self.recovery_days}; valid: 0, or {low} to {high}"
            raise ArgumentError("Secrets", "recovery_days", message)


class Secrets(pulumi.ComponentResource):
    """A key that is rotated each year, and a secret under it for each value."""

    key_arn: pulumi.Output[str]
    arns: pulumi.Output[Mapping[str, str]]

    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parallax:aws:Secrets", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Encrypts the secrets of {physical_name(KMS_ALIAS, name)}",
            enable_key_rotation=True,
            # Not before the last secret under it can be brought back no more.
            deletion_window_in_days=max(KMS_SHORTEST_WINDOW, args.recovery_days),
            tags=args.tags,
            opts=child,
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=physical_name(KMS_ALIAS, name, prefix="alias/"),
            target_key_id=key.key_id,
            opts=child,
        )
        arns: dict[str, pulumi.Output[str]] = {}
        for secret_name, value in args.values.items():
            secret = aws.secretsmanager.Secret(
                f"{name}-{secret_name}",
                # A slash: an ARN adds a hyphen and six characters, which must not be taken for a part of the name.
                name=f"{physical_name(SECRET, name)}/{secret_name}",
                kms_key_id=key.arn,
                recovery_window_in_days=args.recovery_days,
                tags=args.tags,
                opts=child,
            )
            version = aws.secretsmanager.SecretVersion(
                f"{name}-{secret_name}-version",
                secret_id=secret.arn,
                secret_string=value.output(),
                opts=child,
            )
            arns[secret_name] = version.secret_arn  # whoever knows it can read a value
        self.key_arn = key.arn
        self.arns = pulumi.Output.all(**arns)
        self._each = arns
        self.register_outputs({"key_arn": self.key_arn, "arns": self.arns})

    @property
    def grant(self) -> Grant:
        """Reading these secrets, and decrypting by their key what Secrets Manager hands it for them."""
        return Grant(
            environment={"PARALLAX_SECRETS": self.arns.apply(lambda arns: json.dumps(arns, sort_keys=True))},
            statements=_may_read,
            arns={"": self.key_arn, **self._each},
        )


def _may_read(place: Place, arns: Mapping[str, str]) -> Sequence[Statement]:
    """`arns` has the key under an empty name.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    secrets = [arns[name] for name in sorted(arns) if name]
    only = {
        "StringEquals": {
            "kms:ViaService": f"secretsmanager.{place.region}.amazonaws.com",
            "kms:EncryptionContext:SecretARN": secrets,
        }
    }
    return [
        allowed("ReadSecrets", ["secretsmanager:GetSecretValue"], secrets),
        allowed("DecryptSecrets", ["kms:Decrypt"], arns[""], **only),
    ]
