"""A stack's state: what is read of it, and what is refused."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from lab.errors import InvalidStateError
from lab.lockin.state import STANDARD_INPUT, parse_state, read_state

EXPORT = Path(__file__).with_name("export.json")
SECRET = "4dabf18193072939515e22adb298388d"  # Pulumi's own mark of a secret
URN = "urn:pulumi:dev::shop::shop:aws:Api$aws:dynamodb/table:Table::a::name"


def entry(**more: Any) -> dict[str, Any]:
    return {"urn": URN, "type": "aws:dynamodb/table:Table", "custom": True, **more}


def exported(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"version": 3, "deployment": {"resources": list(entries)}}).encode()


def test_an_export_and_a_checkpoint_say_the_same(tmp_path: Path) -> None:
    export = json.loads(EXPORT.read_text())
    checkpoint = {"version": 3, "checkpoint": {"stack": "dev", "latest": export["deployment"]}}
    packed = tmp_path / "dev.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(checkpoint).encode()))
    assert read_state(EXPORT) == read_state(packed)
    assert len(read_state(EXPORT)) == 30


def test_standard_input_is_a_minus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(EXPORT.read_bytes())))
    assert read_state(STANDARD_INPUT) == read_state(EXPORT)


def test_a_resource_has_its_name_its_type_and_the_components_around_it() -> None:
    (resource,) = parse_state(exported(entry()), "here")
    assert (resource.name, resource.type) == ("a::name", "aws:dynamodb/table:Table")
    assert resource.ancestors == ("shop:aws:Api",)


@pytest.mark.parametrize("more", [{"custom": False}, {"delete": True}, {"external": True}])
def test_what_the_stack_does_not_hold_is_left_out(more: dict[str, Any]) -> None:
    assert parse_state(exported(entry(**more)), "here") == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x1f\x8bnot gzip", "is no JSON"),
        (b"v1:" + SECRET.encode(), "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[]", "no export of a stack"),
        (b'{"name": "package"}', "no export of a stack"),
        (b'{"version": 3}', "no export of a stack"),
        (b'{"version": 1, "deployment": {}}', "reads 3, 4"),
        (b'{"version": 3, "deployment": null}', "no resources"),
        (b'{"version": 3, "checkpoint": {"latest": null}}', "no resources"),
        (b'{"version": 3, "deployment": {"resources": []}}', "pulumi up"),
        (b'{"version": 3, "deployment": {"resources": 3}}', "no list of resources"),
        (b'{"version": 3, "deployment": {"resources": ["x"]}}', "no list of resources"),
        (b'{"version": 3, "deployment": {"resources": [{"urn": "odd"}]}}', "resource 1 has no URN"),
        (b'{"version": 3, "deployment": {"ciphertext": "' + SECRET.encode() + b'"}}', "encrypted"),
        (b'{"version": 3, "deployment": "' + SECRET.encode() + b'"}', "encrypted"),
    ],
)
def test_another_file_is_refused_without_quoting_it(content: bytes, said: str) -> None:
    with pytest.raises(InvalidStateError, match=said) as raised:
        parse_state(content, "state.json")
    assert "state.json" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidStateError, match="pulumi stack export --file"):
        read_state(tmp_path / "state.json")
    with pytest.raises(InvalidStateError, match="cannot be read"):
        read_state(tmp_path)


def test_inputs_and_outputs_are_never_looked_at() -> None:
    secret = {"ciphertext": SECRET, "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    found = parse_state(exported(entry(inputs={"value": secret}, outputs={"value": secret})), "here")
    assert SECRET not in repr(found)
    assert "1b47061264138c4ac30d75fd1eb44270" not in repr(found)
