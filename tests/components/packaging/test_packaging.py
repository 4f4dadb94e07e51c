"""Packages: the same bytes from the same sources, for the cloud's platform, within its limits."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.errors import NameCollisionError, PackageTooLargeError, RequirementsUnresolvedError, SourceMissingError
from components.packaging import (
    Resolver,
    Tree,
    application_tree,
    archive_bytes,
    check_size,
    lambda_platform,
    source_tree,
    write_folder,
)
from components.packaging.requirements import read_requirements

_NAME = st.from_regex(r"[a-z]{1,6}(/[a-z]{1,6})?\.py", fullmatch=True)


def _write(folder: Path, files: list[tuple[str, bytes]], mtime: int, mode: int) -> None:
    for name, content in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
        os.utime(file, (mtime, mtime))


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(_NAME, st.binary(max_size=64), min_size=1, max_size=6), st.randoms())
def test_bytes_depend_on_names_and_contents_only(files: dict[str, bytes], random: object) -> None:
    listed = list(files.items())
    shuffled = sorted(listed, key=lambda _item: random.random())  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        _write(Path(one), listed, 1_000_000_000, 0o644)
        _write(Path(two), shuffled, 1_700_000_000, 0o700)
        (Path(two) / "__pycache__").mkdir()
        (Path(two) / "__pycache__" / "x.pyc").write_bytes(b"x")
        (Path(two) / ".hidden").write_bytes(b"x")
        first, second = (archive_bytes(source_tree(Path(folder)), 10**6) for folder in (one, two))
    assert first == second
    assert one.encode() not in first


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, [("a.py", b"1"), ("b.py", b"2")], 1, 0o644)
    with pytest.raises(NameCollisionError, match=r"entry\.py"):
        Tree({"entry.py": tmp_path / "a.py"}).joined(Tree({"entry.py": tmp_path / "b.py"}))


def test_a_package_over_the_limit_is_refused_with_its_largest_parts(tmp_path: Path) -> None:
    _write(tmp_path, [("python_modules/big/a.py", b"x" * 900), ("small.py", b"x" * 50)], 1, 0o644)
    with pytest.raises(PackageTooLargeError) as caught:
        check_size("the Worker", source_tree(tmp_path), 950, 500, "source")
    assert caught.value.parts == (("python_modules/big", 900), ("small.py", 50))


def test_an_application_is_a_package_or_a_folder_of_modules(tmp_path: Path) -> None:
    _write(tmp_path / "shop", [("__init__.py", b""), ("web.py", b""), ("requirements.txt", b"")], 1, 0o644)
    _write(tmp_path / "plain", [("web.py", b"")], 1, 0o644)
    assert list(application_tree(tmp_path / "shop", "shop.web:app").files) == ["shop/__init__.py", "shop/web.py"]
    assert list(application_tree(tmp_path / "plain", "web:app").files) == ["web.py"]
    with pytest.raises(SourceMissingError, match=r"shop\.web"):
        application_tree(tmp_path / "shop", "web:app")
    with pytest.raises(SourceMissingError, match="no such folder"):
        application_tree(tmp_path / "gone", "web:app")


def test_a_written_folder_holds_exactly_the_tree(tmp_path: Path) -> None:
    _write(tmp_path / "from", [("a/b.py", b"1")], 1, 0o644)
    _write(tmp_path / "to", [("old/c.py", b"1"), ("a/b.py", b"0")], 1, 0o644)
    write_folder(source_tree(tmp_path / "from"), tmp_path / "to")
    assert [file.relative_to(tmp_path / "to").as_posix() for file in sorted((tmp_path / "to").rglob("*"))] == [
        "a",
        "a/b.py",
    ]
    assert (tmp_path / "to/a/b.py").read_bytes() == b"1"


def test_markers_are_those_of_the_cloud(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(
        "a==1 ; python_version >= '3.13' \\\n    --hash=sha256:00\n"
        "b==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n# a comment\n"
        "c==1 ; platform_machine == 'aarch64' --hash=sha256:00\n"
    )
    read = read_requirements(file, lambda_platform("python3.13", "arm64").markers)
    assert [line.partition(" ")[0] for line in read.lines] == ["a==1", "c==1"]
    assert read.locked


@pytest.mark.parametrize(("architecture", "machine"), [("arm64", b"\xb7\x00"), ("x86_64", b"\x3e\x00")])
def test_compiled_packages_are_those_of_the_cloud(tmp_path: Path, architecture: str, machine: bytes) -> None:
    """From the package index: needs a network. The ELF header's e_machine is at offset 18."""
    (tmp_path / "requirements.txt").write_text("orjson==3.13.0\n")
    resolver = Resolver(tmp_path / "cache", lambda_platform("python3.13", architecture))
    tree = resolver.resolve([tmp_path / "requirements.txt"])
    (library,) = [file for name, file in tree.files.items() if name.endswith(".so")]
    assert "cpython-313" in library.name
    assert library.read_bytes()[18:20] == machine
    assert not any(name.endswith(("RECORD", "INSTALLER")) for name in tree.files)
    assert list(resolver.resolve([tmp_path / "requirements.txt"]).files) == list(tree.files)


def test_a_package_without_a_wheel_for_the_cloud_is_named(tmp_path: Path) -> None:
    """From the package index: needs a network."""
    (tmp_path / "requirements.txt").write_text("uvloop==0.23.0\n")
    platform = lambda_platform("python3.13", "arm64")
    impossible = type(platform)(
        name="elsewhere", python="3.13", tags=("nowhere_wasm32",), uv=None, markers=platform.markers
    )
    with pytest.raises(RequirementsUnresolvedError) as caught:
        Resolver(tmp_path / "cache", impossible).resolve([tmp_path / "requirements.txt"])
    assert caught.value.package == "uvloop==0.23.0"
    assert "elsewhere" in str(caught.value)
    assert not list((tmp_path / "cache").iterdir())
