from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from parallax_cloudflare.platform import Isolate, WorkerPlatform


@dataclass
class Env:
    """The Worker's bindings, as the SDK shows them: attributes, absent where there is no binding."""

    CF_VERSION_METADATA: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(id="5b0c", tag="", timestamp="2026-11-24T00:00:00Z")
    )


@pytest.mark.parametrize(
    ("headers", "region"),
    [
        ([(b"host", b"a"), (b"cf-ray", b"230b030023ae2822-FRA")], "FRA"),
        ([(b"cf-ray", b"")], "unknown"),
        ([(b"cf-ray", b"230b030023ae2822-")], "unknown"),
        ([], "unknown"),
    ],
    ids=["as documented", "empty", "no place", "no header"],
)
def test_the_region_is_the_data_centre_of_the_request(headers: list[tuple[bytes, bytes]], region: str) -> None:
    assert WorkerPlatform(Isolate(), headers, Env()).region == region


def test_the_version_is_the_bindings() -> None:
    assert WorkerPlatform(Isolate(), [], Env()).version == "5b0c"
    assert WorkerPlatform(Isolate(), [], object()).version == "unknown"


def test_requests_share_an_isolate_and_isolates_differ() -> None:
    one = Isolate()
    # Nothing is drawn before the first request: until then Cloudflare copies the memory.
    assert vars(one) == {}
    instance = WorkerPlatform(one, [], Env()).instance
    assert WorkerPlatform(one, [], Env()).instance == instance != WorkerPlatform(Isolate(), [], Env()).instance
    assert len(bytes.fromhex(instance)) == 8
