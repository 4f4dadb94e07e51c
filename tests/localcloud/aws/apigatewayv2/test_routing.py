"""Route matching: AWS's documented priority, and properties of the table."""

from hypothesis import given
from hypothesis import strategies as st

from localcloud.aws.apigatewayv2.models import Target
from localcloud.aws.apigatewayv2.routing import Router


def router(*keys: str) -> Router:
    return Router(Target(key, "arn", 1.0, "") for key in keys)


def test_the_most_specific_route_wins() -> None:
    """The shape of the example in the developer guide's "Routing API requests" (http-api-develop-routes)."""
    found = router("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default")
    wanted = {
        ("GET", "/pets/dog/1"): "GET /pets/dog/1",
        ("GET", "/pets/dog/2"): "GET /pets/dog/{id}",
        ("GET", "/pets/cat/1"): "GET /pets/{proxy+}",
        ("POST", "/test/5"): "ANY /{proxy+}",
        ("GET", "/"): "$default",
    }
    for (method, path), key in wanted.items():
        match = found.match(method, path)
        assert match is not None
        assert match[0].route_key == key


def test_any_covers_the_methods_that_a_resource_does_not_define() -> None:
    found = router("ANY /a", "GET /a", "GET /{x}")
    assert [m[0].route_key for m in (found.match("GET", "/a"), found.match("PUT", "/a")) if m] == ["GET /a", "ANY /a"]
    assert found.match("PUT", "/b") is None
    assert found.match("GET", "/a/") is None


def test_variables_are_decoded() -> None:
    found = router("GET /a/{b}", "GET /f/{rest+}")
    assert [m[1] for m in (found.match("GET", "/a/x%2Fy"), found.match("GET", "/f/1/2")) if m] == [
        {"b": "x/y"},
        {"rest": "1/2"},
    ]


@given(st.lists(st.sampled_from(["a", "b", "{x}"]), min_size=1, max_size=4), st.booleans())
def test_a_route_matches_the_path_that_it_describes(parts: list[str], greedy: bool) -> None:
    names = [f"{{p{n}}}" if part == "{x}" else part for n, part in enumerate(parts)]
    key = "GET /" + "/".join(names) + ("/{rest+}" if greedy else "")
    path = "/" + "/".join("v" if part == "{x}" else part for part in parts) + ("/1/2" if greedy else "")
    match = router(key, "$default").match("GET", path)
    assert match is not None
    assert match[0].route_key == key
