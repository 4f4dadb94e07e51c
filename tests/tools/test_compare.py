"""`make compare`: what the lab is told about a stack."""

import pytest

from tools import compare, stack

OUTPUTS = {
    "aws_url": "http://127.0.0.1:1/a",
    "aws_function_name": "parallax-dev-api",
    "aws_log_group": "/aws/lambda/parallax-dev-api",
    "cloudflare_url": "http://127.0.0.1:2/c",
    "cloudflare_script_name": "parallax-dev-api",
}
SETTINGS = {"parallax:cloudflareAccountId": "0" * 31 + "1"}


def _values(outputs: dict[str, str], flag: str) -> list[str]:
    words = list(compare.flags(outputs, SETTINGS))
    return [words[place + 1] for place, word in enumerate(words) if word == flag]


def test_each_url_is_a_target_with_its_clouds_own_ways() -> None:
    assert _values(OUTPUTS, "--url") == ["aws=http://127.0.0.1:1/a", "cloudflare=http://127.0.0.1:2/c"]
    assert _values(OUTPUTS, "--cold") == [
        "aws=lambda-version:parallax-dev-api:live",
        f"cloudflare=worker-version:{'0' * 31}1:parallax-dev-api",
    ]
    assert [word.partition(":")[0] for word in _values(OUTPUTS, "--usage")] == [
        "aws=lambda-reports", "cloudflare=worker-analytics",
    ]  # fmt: skip


def test_a_stack_of_one_cloud_is_one_target() -> None:
    outputs = {name: value for name, value in OUTPUTS.items() if name.startswith("aws")}
    assert _values(outputs, "--url") == ["aws=http://127.0.0.1:1/a"]
    assert len(_values(outputs, "--cold")) == 1


def test_with_nothing_deployed_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare, "local_environment", lambda *_, **__: {})
    monkeypatch.setattr(stack, "is_deployed", lambda _: False)
    assert compare.main([]) == 1
    assert "make up" in capsys.readouterr().err
