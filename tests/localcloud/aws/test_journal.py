"""The journal of the emulator's calls."""

from pathlib import Path

from localcloud.aws.journal import Entry, Journal


def entry(service: str, body: bytes) -> Entry:
    authorization = f"AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/{service}/aws4_request, Signature=-"
    return Entry(1.0, 2, "POST", "/", "", (("authorization", authorization),), body)


def test_what_is_dropped_is_gone_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "engine.sqlite3"
    journal = Journal(path)
    journal.append(entry("iam", b"kept"))
    journal.append(entry("secretsmanager", b"hush" * 1000))
    journal.drop("secretsmanager")
    journal.close()
    assert b"hush" not in b"".join(found.read_bytes() for found in tmp_path.iterdir())
    again = Journal(path)
    assert [found.body for found in again.entries()] == [b"kept"]
    again.close()
