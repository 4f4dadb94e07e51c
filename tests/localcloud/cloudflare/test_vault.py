import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.child import StartError
from localcloud.cloudflare.vault import SealBrokenError, Vault, open_vault

KEY = bytes(range(32))


@given(st.text(), st.text(max_size=20))
def test_what_is_sealed_opens_for_its_owner_only(text: str, owner: str) -> None:
    vault = Vault(KEY)
    sealed = vault.seal(text, owner)
    assert vault.open(sealed, owner) == text
    assert sealed != vault.seal(text, owner), "no two are alike"
    for other, whose in ((vault, owner + "x"), (Vault(bytes(32)), owner)):
        with pytest.raises(SealBrokenError):
            other.open(sealed, whose)


@pytest.mark.parametrize("sealed", ["", "no base64!", "AAAA", "A" * 64])
def test_what_was_never_sealed(sealed: str) -> None:
    with pytest.raises(SealBrokenError):
        Vault(KEY).open(sealed, "a")


def test_the_key_is_made_once_and_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.key"
    before = os.umask(0)
    try:
        sealed = open_vault(path).seal("text", "a")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_vault(path).open(sealed, "a") == "text"
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secrets.key"
    open_vault(path)
    path.chmod(mode)
    with pytest.raises(StartError, match=r"chmod 600 .*secrets\.key") as refused:
        open_vault(path)
    assert refused.value.code == "KeyFileExposed"


def test_a_link_or_half_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half").write_bytes(b"x" * 16)
    (tmp_path / "half").chmod(0o600)
    (tmp_path / "link").symlink_to("half")
    with pytest.raises(StartError, match="has not 32 bytes"):
        open_vault(tmp_path / "half")
    with pytest.raises(StartError) as refused:
        open_vault(tmp_path / "link")
    assert refused.value.code == "KeyFileUnreadable"
