"""Policies, judged."""

from typing import Any

import pytest

from localcloud.aws.access.patterns import matches
from localcloud.aws.access.statements import judge, parse

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/items"
KEYS = {
    "aws:principalarn": "arn:aws:iam::123456789012:role/r",
    "aws:requestedregion": "us-east-1",
    "kms:viaservice": "secretsmanager.us-east-1.amazonaws.com",
    "kms:encryptioncontext:secretarn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-abcdef",
    "kms:encryptioncontextkeys": ("SecretARN", "SecretVersionId"),
    "aws:epochtime": "100",
    "aws:securetransport": "true",
}


def verdict(*statements: dict[str, Any], action: str = "dynamodb:GetItem", resource: str = TABLE) -> str:
    found = parse({"Version": "2012-10-17", "Statement": list(statements)})
    return judge(found, KEYS, lambda one: one.covers(action, resource, KEYS))


def allow(**members: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "dynamodb:*", "Resource": TABLE} | members


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(), "allow"),
        (allow(Action=["s3:GetObject", "DynamoDB:getitem"]), "allow"),
        (allow(Action="dynamodb:Get?tem"), "allow"),
        (allow(Action="dynamodb:Get"), "nothing"),
        (allow(Resource=TABLE.upper()), "nothing"),
        (allow(Resource=f"{TABLE}/*"), "nothing"),
        (allow(Resource="arn:aws:dynamodb:*:*:table/ite*"), "allow"),
        (allow(Resource="arn:aws:dynamodb:*:*:table/[i]tems"), "nothing"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "allow"),
        ({"Effect": "Allow", "NotAction": "dynamodb:G*", "Resource": "*"}, "nothing"),
        ({"Effect": "Allow", "Action": "*", "NotResource": TABLE}, "nothing"),
        ({"Effect": "Allow", "Action": "*", "NotResource": "*/other"}, "allow"),
        (allow(Effect="Deny"), "deny"),
    ],
)
def test_actions_and_resources(statement: dict[str, Any], expected: str) -> None:
    assert verdict(statement) == expected


def test_a_deny_wins_wherever_it_stands() -> None:
    deny = {"Effect": "Deny", "Action": "dynamodb:GetItem", "Resource": "*"}
    assert verdict(deny, allow()) == verdict(allow(), deny) == "deny"
    assert verdict(allow(), deny | {"Action": "dynamodb:PutItem"}) == "allow"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "US-EAST-1"}}, False),
        ({"StringEqualsIgnoreCase": {"AWS:requestedREGION": "US-EAST-1"}}, True),
        ({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, False),
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, True),
        ({"StringEquals": {"aws:SourceAccount": "1"}}, False),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}, True),
        ({"Null": {"aws:SourceAccount": "true", "kms:ViaService": "false"}}, True),
        ({"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}, True),
        ({"StringEquals": {"kms:EncryptionContext:SecretARN": KEYS["kms:encryptioncontext:secretarn"]}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/?"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:*:role/r"}}, False),
        ({"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/s"}}, True),
        ({"NumericLessThan": {"aws:EpochTime": 101}}, True),
        ({"NumericGreaterThanEquals": {"aws:EpochTime": "101"}}, False),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalArn}"}}, True),
        ({"StringEquals": {"aws:PrincipalArn": "${aws:username}"}}, False),
        ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["SecretARN", "SecretVersionId"]}}, True),
        ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["SecretARN"]}}, False),
        ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ["SecretARN"]}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:RequestedRegion": "x"}}, False),
    ],
)
def test_conditions(condition: dict[str, Any], expected: bool) -> None:
    assert verdict(allow(Condition=condition)) == ("allow" if expected else "nothing")
    assert verdict(allow(Effect="Deny", Condition=condition)) == ("deny" if expected else "nothing")


@pytest.mark.parametrize(
    "condition", [{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, {"StringLike": {"aws:PrincipalTag/team": "*"}}]
)
def test_what_cannot_be_judged_is_refused_and_said(condition: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    assert verdict(allow(Condition=condition)) == "nothing"
    assert verdict(allow(), allow(Effect="Deny", Condition=condition)) == "deny"
    assert "not implemented" in caplog.text


def test_a_document_that_is_no_policy_allows_nothing() -> None:
    for document in ("", "[]", "{", '{"Statement": [{"Effect": "Allow"}]}', '{"Statement": "*"}'):
        assert parse(document) == ()


def test_a_star_from_a_variable_is_no_wildcard() -> None:
    assert matches("a${*}", "a*") is False  # not yet filled in
    found = parse({"Statement": [allow(Resource="${aws:PrincipalArn}${*}")]})
    keys = {"aws:principalarn": "*"}
    assert judge(found, keys, lambda one: one.covers("dynamodb:GetItem", "**", keys)) == "allow"
    assert judge(found, keys, lambda one: one.covers("dynamodb:GetItem", "xx", keys)) == "nothing"
