"""Scenarios: what comes with the lab can be read, and what is wrong in a file is named with what would be right."""

from pathlib import Path

import pytest

from lab.errors import InvalidScenarioError
from lab.load.scenarios import of_path, read_scenario

WHOLE = """
knee = "e"
[[level]]
rate = 5
connections = 2
[[endpoint]]
name = "e"
method = "POST"
path = "/e-{n}"
body = "{}"
headers = { X-Mine = "1" }
expects = [201]
signature = { key_variable = "KEY" }
"""


def test_the_scenario_of_parallax_is_whole() -> None:
    scenario = read_scenario("parallax")
    assert scenario.knee in {endpoint.name for endpoint in scenario.endpoints}
    assert {(level.rate, level.connections) for level in scenario.levels} == {(10, 1), (60, 16)}
    assert [endpoint.name for endpoint in scenario.endpoints if endpoint.signature] == ["POST /webhooks/lab"]


def test_a_file_says_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(WHOLE)
    scenario = read_scenario(str(tmp_path / "mine.toml"))
    (endpoint,) = scenario.endpoints
    assert (scenario.name, scenario.knee, endpoint.expects) == ("mine", "e", (201,))
    assert endpoint.headers == {"content-type": "application/json", "x-mine": "1"}
    assert endpoint.signature is not None
    assert endpoint.signature.key_variable == "KEY"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('method = "POST"', 'verb = "POST"', "unknown verb; valid: body, expects, headers, method, name, path"),
        ('method = "POST"', 'method = "PUSH"', "valid: GET, HEAD, POST"),
        ("/e-{n}", "e", "must begin with a slash"),
        ("/e-{n}", "/é", "percent-encoded"),
        ("[201]", '"201"', "list of statuses"),
        ("[201]", "[99]", "list of statuses"),
        ("X-Mine", '"X Mine"', "none that can be sent"),
        ('"1"', '"1\\r\\nX-More: 2"', "none that can be sent"),
        ('key_variable = "KEY"', 'key = "whsec_c2VjcmV0"', "needs key_variable"),
        ("[[endpoint]]", "[endpoint]", r"must be written as \[\[endpoint\]\]"),
        ("rate = 5", "rate = 0", "greater than 0"),
        ("connections = 2", "connections = true", "1 to 1000"),
        ('knee = "e"', 'knee = "f"', "the endpoints are e"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(WHOLE.replace(before, after, 1))
    with pytest.raises(InvalidScenarioError, match=said) as raised:
        read_scenario(str(file))
    assert "c2VjcmV0" not in str(raised.value)


def test_an_unknown_name_lists_those_that_come_with_the_lab() -> None:
    with pytest.raises(InvalidScenarioError, match="parallax"):
        read_scenario("paralax")


@pytest.mark.parametrize(
    ("words", "method", "path", "body"),
    [
        ("/echo", "GET", "/echo", ""),
        ("POST /echo", "POST", "/echo", ""),
        ('put /items/{n} {"a": 1}', "PUT", "/items/{n}", '{"a": 1}'),
    ],
)
def test_a_path_on_the_command_line_may_have_a_method_and_a_body(words: str, method: str, path: str, body: str) -> None:
    scenario = of_path(words)
    (endpoint,) = scenario.endpoints
    assert (endpoint.method, endpoint.path, endpoint.body) == (method, path, body)
    assert scenario.knee == endpoint.name
    assert len(scenario.levels) == 2
