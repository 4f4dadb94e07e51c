"""Updates and projections: what they make of an item, and what cannot be done."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.aws.dynamodb.expressions.application import updated
from localcloud.aws.dynamodb.expressions.documents import project
from localcloud.aws.dynamodb.expressions.request import Expressions
from localcloud.aws.protocol import ServiceError

ITEM: dict[str, Any] = {
    "n": {"N": "5"},
    "s": {"S": "x"},
    "l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]},
    "m": {"M": {"x": {"N": "1"}, "deep": {"M": {}}}},
    "ss": {"SS": ["a", "b"]},
}
VALUES: dict[str, Any] = {
    ":one": {"N": "1"}, ":t": {"S": "t"}, ":u": {"S": "u"}, ":list": {"L": [{"S": "t"}]},
    ":a": {"SS": ["a"]}, ":c": {"SS": ["c", "a"]}, ":all": {"SS": ["b", "a"]}, ":nums": {"NS": ["1"]},
}  # fmt: skip


def update(text: str, item: dict[str, Any] = ITEM) -> dict[str, Any]:
    values = {name: VALUES[name] for name in VALUES if name in text} or None
    params = {"UpdateExpression": text, "ExpressionAttributeValues": values}
    return updated(item, Expressions(params, "UpdateExpression").update())


def numbers(*found: int | str) -> dict[str, Any]:
    return {"L": [{"N": str(one)} if isinstance(one, int) else {"S": one} for one in found]}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("SET n = n + :one, s = :t", {"n": {"N": "6"}, "s": {"S": "t"}}),
        ("SET n = (:one - n)", {"n": {"N": "-4"}}),
        ("SET n = s, s = n", {"n": {"S": "x"}, "s": {"N": "5"}}),
        ("SET fresh = if_not_exists(fresh, :one) + :one", {"fresh": {"N": "2"}}),
        ("SET n = if_not_exists(n, :one)", {}),
        ("SET l = list_append(l, :list)", {"l": numbers(0, 1, 2, "t")}),
        ("SET l = list_append(:list, l)", {"l": numbers("t", 0, 1, 2)}),
        ("SET k = list_append(if_not_exists(k, :list), :list)", {"k": numbers("t", "t")}),
        ("SET l[1] = :t", {"l": numbers(0, "t", 2)}),
        ("SET l[9] = :u, l[7] = :t", {"l": numbers(0, 1, 2, "t", "u")}),
        ("REMOVE l[0], l[2]", {"l": numbers(1)}),
        ("REMOVE l[0] SET l[1] = :t, l[5] = :u", {"l": numbers("t", 2, "u")}),
        ("REMOVE l[9], gone", {}),
        ("SET m.deep.y = :t", {"m": {"M": {"x": {"N": "1"}, "deep": {"M": {"y": {"S": "t"}}}}}}),
        ("REMOVE m.x", {"m": {"M": {"deep": {"M": {}}}}}),
        ("ADD n :one, fresh :one", {"n": {"N": "6"}, "fresh": {"N": "1"}}),
        ("ADD ss :c, more :a", {"ss": {"SS": ["a", "b", "c"]}, "more": {"SS": ["a"]}}),
        ("DELETE ss :c", {"ss": {"SS": ["b"]}}),
        ("DELETE ss :all", {"ss": None}),
        ("DELETE gone :a", {}),
        ("remove s add n :one set fresh = :t", {"s": None, "n": {"N": "6"}, "fresh": {"S": "t"}}),
    ],
)
def test_what_an_update_makes(text: str, changes: dict[str, Any]) -> None:
    before = repr(ITEM)
    expected = {name: value for name, value in (ITEM | changes).items() if value is not None}
    assert update(text) == expected
    assert repr(ITEM) == before, "the item as it was is left alone"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SET", 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"'),
        ("FOO a", 'Syntax error; token: "FOO", near: "FOO a"'),
        ("SET a = n + :one + :one", 'Syntax error; token: "+", near: ":one + :one"'),
        ("ADD a n", 'Syntax error; token: "n", near: "a n"'),
        ("SET a = :one SET s = :one", 'The "SET" section can only be used once in an update expression;'),
        ("SET m.x = :one REMOVE m", "paths overlap with each other; must remove or rewrite one of these paths; path"),
        ("SET m.x = :one, m[0] = :one", "Two document paths conflict with each other;"),
        ("SET a = size(l)", "The function is not allowed in an update expression; function: size"),
        ("SET a = if_not_exists(:one, :t)", "requires a document path; operator or function: if_not_exists"),
        ("SET a = if_not_exists(n, list_append(l, :list))", "used this way in an expression; function: list_append"),
        ("SET a = list_append(l, :one)", "operator or function: list_append, operand type: N"),
        ("SET a = n + :t", "operator or function: +, operand type: S"),
        ("ADD s :t", "operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"),
        ("DELETE n :one", "operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"),
        ("SET a = gone", "refers to an attribute that does not exist in the item"),
        ("SET gone.x = :one", "The document path provided in the update expression is invalid for update"),
        ("SET a = gone, gone.x = :one", "The document path provided in the update expression is invalid for update"),
        ("ADD s :t, s.x :one", "Two document paths overlap"),
        ("REMOVE l.x", "The document path provided in the update expression is invalid for update"),
        ("SET a = s + :one", "An operand in the update expression has an incorrect data type"),
        ("ADD ss :nums", "An operand in the update expression has an incorrect data type"),
        ("DELETE n :a", "An operand in the update expression has an incorrect data type"),
    ],
)
def test_what_cannot_be_done(text: str, message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        update(text)
    assert caught.value.code == "ValidationException"
    assert message in caught.value.message


def cut(text: str) -> dict[str, Any]:
    paths = Expressions({"ProjectionExpression": text}, "ProjectionExpression").projection()
    assert paths is not None
    return project(ITEM, paths)


def test_projections_keep_the_shape_and_close_up_lists() -> None:
    assert cut("s, gone") == {"s": {"S": "x"}}
    assert cut("l[2], l[0], l[9]") == {"l": numbers(0, 2)}
    assert cut("m.x, m.deep") == {"m": ITEM["m"]}
    assert cut("m.x.y, l.x, s[0]") == {}
    with pytest.raises(ServiceError, match="overlap"):
        cut("m.x, m")


@given(
    st.lists(st.sampled_from(["SET", "REMOVE", "ADD", "DELETE", "n", "l[0]", "=", ":one", ":a", "+", ","]), max_size=14)
)
def test_any_text_is_an_update_or_refused(words: list[str]) -> None:
    try:
        found = update(" ".join(words))
    except ServiceError as error:
        if error.code != "ValidationException":
            raise
    else:
        assert set(found) <= set(ITEM)
