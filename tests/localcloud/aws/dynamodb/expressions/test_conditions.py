"""Conditions: which hold, and the sentences with which wrong ones are refused (as DynamoDB Local 3.3.1 has them)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.aws.dynamodb.expressions.evaluation import holds
from localcloud.aws.dynamodb.expressions.request import Expressions
from localcloud.aws.protocol import ServiceError

ITEM: dict[str, Any] = {
    "a": {"N": "5"},
    "s": {"S": "häuser 😀"},
    "b": {"B": "AP8="},
    "l": {"L": [{"N": "1"}, {"M": {"x": {"S": "deep"}}}]},
    "m": {"M": {"x": {"N": "1"}, "y.z": {"BOOL": True}}},
    "tags": {"SS": ["blue", "red"]},
    "sizes": {"NS": ["1", "2"]},
    "nothing": {"NULL": True},
}
VALUES: dict[str, Any] = {
    ":one": {"N": "1.0"}, ":five": {"N": "5"}, ":nine": {"N": "9"}, ":h": {"S": "hä"}, ":x": {"S": "x"},
    ":red": {"S": "red"}, ":set": {"SS": ["red", "blue"]}, ":map": {"M": {"x": {"S": "deep"}}},
    ":n": {"S": "N"}, ":null": {"S": "NULL"}, ":byte": {"B": "AA=="}, ":true": {"BOOL": True},
}  # fmt: skip
NAMES = {"#name": "name", "#m": "m", "#y": "y.z", "#size": "size"}


def evaluate(text: str, item: dict[str, Any] | None = None) -> bool:
    names = {name: NAMES[name] for name in NAMES if name in text} or None
    values = {name: VALUES[name] for name in VALUES if name in _words(text)} or None
    params = {"ConditionExpression": text, "ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    expressions = Expressions(params, "ConditionExpression")
    condition = expressions.condition()
    expressions.finish()
    assert condition is not None
    return holds(condition, ITEM if item is None else item)


def _words(text: str) -> set[str]:
    for mark in "(),=<>":
        text = text.replace(mark, " ")
    return set(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "a = :five", "a <> :one", "a > :one AND a < :nine", "a BETWEEN :one AND :nine", "a IN (:one, :five)",
        "NOT a = :one", "not NOT a = :five", "a = :one OR a = :five AND attribute_exists(s)",
        "(a = :one OR a = :five) AND NOT (a = :nine)", "(a) = (:five)", "attribute_not_exists(#name)",
        "attribute_exists(m.x)", "attribute_not_exists(l[2])", "l[0] = :one", "l[1].x <> :x", "l[1] = :map",
        "#m.#y = :true", "begins_with(s, :h)", "begins_with(b, :byte)", "contains(s, :h)", "contains(tags, :red)",
        "contains(sizes, :one)", "contains(l, :one)", "contains(l, :map)", "contains(b, :byte)",
        "attribute_type(a, :n)", "attribute_type(nothing, :null)", "size(s) = :nine", "size(tags) > :one",
        "size(m) BETWEEN :one AND :nine", "tags = :set", "gone <> :one", "gone <> lost", "NOT gone = :one", "a > m.x",
    ],
)  # fmt: skip
def test_these_hold(text: str) -> None:
    assert evaluate(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = :one", "a = :x", "a < :x", "gone = :one", "gone < :one", "a < s", "m.x.y = :one", "a[0] = :five",
        "contains(a, :five)", "contains(s, :five)", "begins_with(a, :h)", "size(a) = :one", "size(gone) > :one",
        "attribute_type(gone, :n)", "a IN (:one, :nine)", "l = m", "contains(gone, :x)", "NOT gone <> :one",
    ],
)  # fmt: skip
def test_these_do_not(text: str) -> None:
    assert not evaluate(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The expression can not be empty;"),
        ("a = ", 'Syntax error; token: "<EOF>", near: "= "'),
        ("a AND s", 'Syntax error; token: "AND", near: "a AND s"'),
        ("a = :five s", 'Syntax error; token: "s", near: ":five s"'),
        ("a == :five", 'Syntax error; token: "=", near: "== :five"'),
        ("(a = :five", 'Syntax error; token: "<EOF>", near: ":five"'),
        ("a = :five)", 'Syntax error; token: ")", near: ":five)"'),
        ("a[1x] = :five", 'Syntax error; token: "x", near: "1x]"'),
        ("((a = :five))", "The expression has redundant parentheses;"),
        ("((a)) = :five", "The expression has redundant parentheses;"),
        ("(" * 60 + "a = :five" + ")" * 60, "The expression has redundant parentheses;"),
        ("name = :five", "Attribute name is a reserved keyword; reserved keyword: name"),
        ("#q = :five", "An expression attribute name used in the document path is not defined; attribute name: #q"),
        ("a = :q", "An expression attribute value used in expression is not defined; attribute value: :q"),
        ("foo(a)", "Invalid function name; function: foo"),
        ("size(a)", "The function is not allowed to be used this way in an expression; function: size"),
        ("a = contains(a, :one)", "not allowed to be used this way in an expression; function: contains"),
        ("a = if_not_exists(a, :one)", "not allowed in a condition expression; function: if_not_exists"),
        ("size(:one) = :five", "operator or function: size, operand type: N"),
        ("attribute_exists(:one)", "requires a document path; operator or function: attribute_exists"),
        ("attribute_exists(a, s)", "operator or function: attribute_exists, number of operands: 2"),
        ("begins_with(a, :one)", "operator or function: begins_with, operand type: N"),
        ("a > :true", "operator or function: >, operand type: BOOL"),
        ("a = a", "must be distinct from the remaining operands for this operator or function; operator: =, first"),
        ("a IN (:one, a)", "for this operator or function; operator: IN, first operand: [a]"),
        ("a BETWEEN :nine AND :five", "lower bound operand: AttributeValue: {N:9}, upper bound operand: Attrib"),
        ("a BETWEEN :five AND :x", "same data type for lower and upper bounds"),
        ("attribute_type(a, :x)", "Invalid attribute type name found; type: x, valid types: {"),
        ("a IN (" + ", ".join([":five"] * 101) + ")", "too many operands; number of operands: 102"),
        (" OR ".join(["a=:one"] * 302), "too many operators; operator count: 301"),
        ("a = :five" + " " * 4100, "Expression size has exceeded the maximum allowed size; expression size: 4109"),
    ],
)
def test_wrong_ones_are_told(text: str, message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        evaluate(text)
    assert caught.value.code == "ValidationException"
    assert caught.value.message.startswith("Invalid ConditionExpression: ")
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("names", "values", "message"),
    [
        ({"#x": "x"}, {":a": {"N": "1"}}, "ExpressionAttributeNames unused in expressions: keys: {#x}"),
        (None, {":a": {"N": "1"}, ":b": {"N": "1"}}, "ExpressionAttributeValues unused in expressions: keys: {:b}"),
        ({}, {":a": {"N": "1"}}, "ExpressionAttributeNames must not be empty"),
        ({"x": "x"}, {":a": {"N": "1"}}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "x"'),
        (None, {"a": {"N": "1"}}, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"'),
        (None, {":a": {"N": "x"}}, "ExpressionAttributeValues contains invalid value: "),
    ],
)
def test_placeholders_have_rules(names: Any, values: Any, message: str) -> None:
    params = {
        "ConditionExpression": "a = :a",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }

    def read() -> None:
        expressions = Expressions(params, "ConditionExpression")
        expressions.condition()
        expressions.finish()

    with pytest.raises(ServiceError) as caught:
        read()
    assert message in caught.value.message


@given(
    st.text("()[]<>=.,:# \tabANDORTinsize019", max_size=60)
    | st.lists(
        st.sampled_from(
            ["a", "s", ":one", ":x", "=", "<", "(", ")", "AND", "OR", "NOT", "IN", "size", "contains", ","]
        ),
        max_size=16,
    ).map(" ".join)
)
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    params = {"ConditionExpression": text, "ExpressionAttributeValues": VALUES}
    try:
        condition = Expressions(params, "ConditionExpression").condition()
    except ServiceError as error:
        if error.code != "ValidationException":
            raise
    else:
        assert condition is not None
        assert holds(condition, ITEM) in {True, False}
