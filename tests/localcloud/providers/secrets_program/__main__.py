"""A secret under a key of its own; FEATURES, comma separated, changes parts of it."""

import json
import os

import pulumi
import pulumi_aws as aws

features = set(filter(None, os.environ.get("FEATURES", "").split(",")))
changed = "changed" in features
key = aws.kms.Key(
    "key",
    description="after" if changed else "before",
    deletion_window_in_days=7,
    enable_key_rotation=True,
    rotation_period_in_days=100 if changed else 90,
    is_enabled="disabled" not in features,
    tags={"a": "c"} if changed else {"a": "b"},
)
other = aws.kms.Key("other", deletion_window_in_days=7)
aws.kms.Alias("named", name="alias/test/named", target_key_id=(other if changed else key).key_id)
alias = aws.kms.Alias("unnamed", target_key_id=key.arn)
secret = aws.secretsmanager.Secret(
    "secret",
    name=os.environ.get("SECRET_NAME"),
    description="after" if changed else "before",
    kms_key_id=(other if changed else key).arn,
    recovery_window_in_days=7 if "recoverable" in features else 0,
    policy='{"Statement": [{}]}' if "malformed" in features else json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:DeleteSecret", "Resource": "*"}],
    }) if "policy" in features else None,
    tags={"a": "c"} if changed else {"a": "b"},
)  # fmt: skip
version = aws.secretsmanager.SecretVersion(
    "version", secret_id=secret.id, secret_string="hush-two" if changed else "hush-one"
)
binary = aws.secretsmanager.Secret("binary", recovery_window_in_days=0)
aws.secretsmanager.SecretVersion("binary", secret_id=binary.id, secret_binary="AP8=")
pulumi.export("key", key.key_id)
pulumi.export("key_arn", key.arn)
pulumi.export("other", other.key_id)
pulumi.export("alias", alias.name)
pulumi.export("target", alias.target_key_arn)
pulumi.export("secret", secret.arn)
pulumi.export("binary", binary.arn)
pulumi.export("version", version.version_id)
